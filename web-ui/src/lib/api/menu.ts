/** What a manager's pages ask of the hub about the menu, by name. */

import { asked, post } from './identity';
import { list, pageOf } from './lists';
import { upload } from './upload';
import type {
  Category,
  CategoryChange,
  GroupChange,
  Modifier,
  ModifierChange,
  ModifierGroup,
  Outlet,
  Product,
  ProductChange,
} from './types';

const PRODUCTS = '/api/products/';
const CATEGORIES = '/api/categories/';
const GROUPS = '/api/modifier-groups/';
const MODIFIERS = '/api/modifiers/';

const one = (path: string, id: string) => `${path}${encodeURIComponent(id)}/`;

async function all<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
  return (await list<T>(path, query))?.rows ?? [];
}

/** One page of the products that a query finds. */
export const productPage = (query: Record<string, string>) => pageOf<Product>(PRODUCTS, query);

/** These throw when the hub does not answer, or does not want to. */
export const allProducts = () => all<Product>(PRODUCTS, { ordering: 'category_name,sort_order,name' });
export const categories = () => all<Category>(CATEGORIES);
export const groups = () => all<ModifierGroup>(GROUPS);
export const modifiers = () => all<Modifier>(MODIFIERS);
export const outlet = async () => (await all<Outlet>('/api/outlets/'))[0] ?? null;

/** Everything that is made carries its own id: a second attempt makes nothing twice. */
type New<T> = T & { id: string };

export const addProduct = (body: New<ProductChange>) => post<Product>(PRODUCTS, body);
export const changeProduct = (id: string, body: ProductChange) =>
  asked<Product>(one(PRODUCTS, id), { method: 'PATCH', body });
export const removeProduct = (id: string) => asked<null>(one(PRODUCTS, id), { method: 'DELETE' });

export const addCategory = (body: New<CategoryChange>) => post<Category>(CATEGORIES, body);
export const changeCategory = (id: string, body: CategoryChange) =>
  asked<Category>(one(CATEGORIES, id), { method: 'PATCH', body });
export const removeCategory = (id: string) => asked<null>(one(CATEGORIES, id), { method: 'DELETE' });

export const addGroup = (body: New<GroupChange>) => post<ModifierGroup>(GROUPS, body);
export const changeGroup = (id: string, body: GroupChange) =>
  asked<ModifierGroup>(one(GROUPS, id), { method: 'PATCH', body });
export const removeGroup = (id: string) => asked<null>(one(GROUPS, id), { method: 'DELETE' });

export const addModifier = (body: New<ModifierChange>) => post<Modifier>(MODIFIERS, body);
export const changeModifier = (id: string, body: ModifierChange) =>
  asked<Modifier>(one(MODIFIERS, id), { method: 'PATCH', body });
export const removeModifier = (id: string) => asked<null>(one(MODIFIERS, id), { method: 'DELETE' });

export const setPicture = (id: string, file: Blob, onpart: (part: number) => void) =>
  upload<Product>(`${one(PRODUCTS, id)}image/`, file, onpart);
/** The hub may answer the product, or nothing. */
export const dropPicture = (id: string) =>
  asked<Product | null>(`${one(PRODUCTS, id)}image/`, { method: 'DELETE' });
