/** The devices of the outlet, and one that is being paired. */

import * as api from '$lib/api/manage';
import type { Asked } from '$lib/api/identity';
import type { Device, NewPairing, PairingCode } from '$lib/api/identity-types';
import { secondsLeft } from '$lib/domain/keyed';
import { clock } from '$lib/state/clock.svelte';
import { Listed } from './listed.svelte';

const USUAL_MS = 15_000;
/** While somebody stands at the new device with the code in hand. */
const WAITING_MS = 2_000;

export class Devices {
  readonly list = new Listed<Device>(api.devices, USUAL_MS);
  code = $state.raw<PairingCode | null>(null);
  private until_ms = $state(0);
  /** Devices that were there before the code was. */
  private known = new Set<string>();

  readonly active = $derived(this.list.rows.filter((device) => device.is_active));
  readonly revoked = $derived(this.list.rows.filter((device) => !device.is_active));

  /** Stations that kitchens have already: offered, so that nobody writes one in two ways. */
  readonly stations = $derived([
    ...new Set(this.list.rows.map((device) => device.station).filter((station) => station !== '')),
  ]);

  /** The device that came with the code. */
  readonly arrived: Device | null = $derived.by(() => {
    const { code } = this;
    if (!code) return null;
    const fresh = this.active.find(
      (device) =>
        !this.known.has(String(device.id)) && device.name === code.name && device.role === code.role,
    );
    return fresh ?? null;
  });

  get secondsLeft(): number {
    return secondsLeft(this.until_ms, clock.now_ms);
  }

  async makeCode(pairing: NewPairing): Promise<Asked<PairingCode>> {
    this.known = new Set(this.list.rows.map((device) => String(device.id)));
    const answer = await api.newPairing(pairing);
    if (answer.did !== 'fine') return answer;
    clock.now_ms = Date.now();
    // Counted from now by this device's clock: the hub's may differ.
    this.until_ms = clock.now_ms + answer.body.expires_in_s * 1000;
    this.code = answer.body;
    this.list.hurry(WAITING_MS);
    return answer;
  }

  forgetCode(): void {
    this.code = null;
    this.list.hurry(null);
  }

  async rename(device: Device, name: string): Promise<Asked<Device>> {
    return this.took(await api.renameDevice(device.id, name));
  }

  async revoke(device: Device): Promise<Asked<Device>> {
    return this.took(await api.revokeDevice(device.id));
  }

  private took(answer: Asked<Device>): Asked<Device> {
    if (answer.did === 'fine') this.list.put(answer.body, (other) => other.id === answer.body.id);
    return answer;
  }
}
