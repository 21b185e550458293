/** Orders of the mock hub: priced and moved as the real one would, kept in memory. */

const half = (amount, rate, whole = 10_000) => Math.floor((amount * rate * 2 + whole) / (whole * 2));

export class Refusal extends Error {
  constructor(status, body) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

const stamp = (ms) => new Date(ms + 7 * 3_600_000).toISOString().replace('Z', '+07:00');

export function priceItem(menu, wanted, at) {
  const product = menu.products.find((known) => known.id === wanted.product);
  if (!product) throw new Refusal(400, { items: [{ product: [`Produk tidak dikenal: ${wanted.product}`] }] });
  const modifiers = (wanted.modifiers ?? []).map((id) => {
    const modifier = menu.modifiers.find((known) => known.id === id);
    if (!modifier) throw new Refusal(400, { items: [{ modifiers: [`Tambahan tidak dikenal: ${id}`] }] });
    return { id, name: modifier.name, price: modifier.price };
  });
  const one = product.price + modifiers.reduce((sum, modifier) => sum + modifier.price, 0);
  return {
    id: wanted.id ?? crypto.randomUUID(),
    product: product.id,
    name: product.name,
    sku: product.sku,
    quantity: wanted.quantity,
    price: product.price,
    modifiers,
    line_total: one * wanted.quantity,
    notes: wanted.notes ?? '',
    station: product.station,
    status: 'sent',
    at,
  };
}

export function reprice(order, outlet) {
  const live = order.items.filter((item) => item.status !== 'voided');
  order.subtotal = live.reduce((sum, item) => sum + item.line_total, 0);
  order.discount = 0;
  order.service_charge = half(order.subtotal, outlet.service_rate_bp);
  const taxable = order.subtotal + order.service_charge;
  order.tax = half(taxable, outlet.tax_rate_bp);
  order.tax_included = false;
  order.total = taxable + order.tax;
  order.paid = order.payments.reduce((sum, payment) => sum + payment.amount, 0);
  order.rounding = order.payments.reduce((sum, payment) => sum + payment.rounding, 0);
  order.due = Math.max(0, order.total - order.paid);
  order.payment_status = order.paid === 0 ? 'unpaid' : order.paid >= order.total ? 'paid' : 'partial';
}

export function newOrder(body, number, menu, outlet, at = Date.now()) {
  const order = {
    id: body.id,
    uuid: body.id,
    outlet_id: outlet.id,
    order_number: String(number).padStart(3, '0'),
    receipt_number: null,
    order_type: body.order_type,
    table: body.table ?? '',
    customer: body.customer ?? '',
    notes: body.notes ?? '',
    metadata: body.metadata ?? {},
    status: 'sent',
    state: 'sent',
    payment_status: 'unpaid',
    cancel_reason: '',
    currency: outlet.currency,
    currency_exponent: outlet.currency_exponent,
    items: body.items.map((item) => priceItem(menu, item, at)),
    payments: [],
    business_day: stamp(at).slice(0, 10),
    created_at: stamp(at),
    updated_at: stamp(at),
    created_by: 'Kasir 1',
  };
  reprice(order, outlet);
  return order;
}

export function setStatus(order, status) {
  order.status = status;
  order.state = status;
  const step = status === 'closed' ? 'served' : status;
  if (status === 'cancelled') return;
  for (const item of order.items) if (item.status !== 'voided') item.status = step;
}

export function statusOfItems(order) {
  const steps = ['sent', 'preparing', 'ready', 'served'];
  const live = order.items
    .filter((item) => item.status !== 'voided')
    .map((item) => steps.indexOf(item.status));
  const slowest = Math.min(...live);
  const status = slowest >= 2 ? steps[slowest] : Math.max(...live) >= 1 ? 'preparing' : 'sent';
  order.status = status;
  order.state = status;
  return status;
}

export function pay(order, body, outlet, receipt) {
  const unit = body.method === 'cash' ? outlet.cash_rounding_unit : 1;
  const below = body.amount % unit;
  const rounding = below * 2 >= unit ? unit - below : -below;
  const isCash = body.method === 'cash';
  const tendered = isCash ? (body.tendered ?? body.amount + rounding) : body.amount;
  const payment = {
    id: body.id,
    order: order.id,
    method: body.method,
    amount: body.amount,
    tendered,
    rounding: isCash ? rounding : 0,
    change: isCash ? tendered - body.amount - rounding : 0,
    reference: body.reference ?? '',
    status: 'paid',
    receipt_number: order.receipt_number ?? receipt,
    created_at: stamp(Date.now()),
  };
  order.receipt_number = payment.receipt_number;
  order.payments.push(payment);
  reprice(order, outlet);
  return payment;
}

export { stamp };
