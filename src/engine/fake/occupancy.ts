import type { PortBinding } from '../../model/container.ts';
import { freeAddress, parseCidr } from './addresses.ts';
import type { FakeContainer } from './container.ts';

const ANYWHERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

const meet = (a: string, b: string): boolean => a === b || ANYWHERE.has(a) || ANYWHERE.has(b);

const keyOf = ({ host, protocol }: PortBinding): string => `${host}/${protocol}`;

/** Host ports and addresses that running containers have. */
export class Occupancy {
  readonly #ports = new Map<string, Set<FakeContainer>>();
  readonly #addresses = new Map<string, Set<string>>();

  isPortTaken(port: PortBinding): boolean {
    for (const { spec } of this.#ports.get(keyOf(port)) ?? []) {
      if (
        spec.ports.some((other) => keyOf(other) === keyOf(port) && meet(other.hostIP, port.hostIP))
      )
        return true;
    }
    return false;
  }

  takePorts(container: FakeContainer): void {
    for (const port of container.spec.ports) {
      const holders = this.#ports.get(keyOf(port)) ?? new Set();
      this.#ports.set(keyOf(port), holders.add(container));
    }
  }

  isAddressTaken(networkId: string, address: string): boolean {
    return this.#addresses.get(networkId)?.has(address) === true;
  }

  /** Takes this address, or a free one of the subnet; undefined where there is none. */
  takeAddress(
    networkId: string,
    wanted: { readonly subnet: string; readonly ipv4: string | undefined },
  ): string | undefined {
    const taken = this.#addresses.get(networkId) ?? new Set<string>();
    this.#addresses.set(networkId, taken);
    const range = parseCidr(wanted.subnet);
    const address = wanted.ipv4 ?? (range === undefined ? '' : freeAddress(range, taken));
    if (address !== undefined && address !== '') taken.add(address);
    return address;
  }

  releaseAddress(networkId: string, address: string): void {
    this.#addresses.get(networkId)?.delete(address);
  }

  /** Gives up everything that a container has. */
  release(container: FakeContainer): void {
    for (const port of container.spec.ports) this.#ports.get(keyOf(port))?.delete(container);
    for (const attachment of container.attachments) {
      this.releaseAddress(attachment.networkId, attachment.ip);
      attachment.ip = '';
    }
  }
}
