import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Served, serve } from './serve.ts';

describe('the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timbrefold-serve-'));
  const open: Served[] = [];
  const start = async (options: Partial<Parameters<typeof serve>[0]> = {}): Promise<Served> => {
    const served = await serve({ port: 0, isolation: true, folder, ...options });
    open.push(served);
    return served;
  };
  beforeAll(() => {
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>x</title>');
    writeFileSync(join(folder, 'core.wasm'), new Uint8Array(8));
    writeFileSync(join(folder, 'a.timbre'), new Uint8Array(8));
  });
  afterAll(async () => {
    for (const served of open) await served.close();
    rmSync(folder, { recursive: true });
  });

  test('lets the page share memory, unless told not to', async () => {
    const isolated = await fetch((await start()).address);
    expect(isolated.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(isolated.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const plain = await fetch((await start({ isolation: false })).address);
    expect(plain.headers.get('cross-origin-opener-policy')).toBeNull();
    expect(await plain.text()).toContain('<title>x</title>');
  });

  test('names the types that browsers insist on', async () => {
    const { address } = await start();
    expect((await fetch(`${address}core.wasm`)).headers.get('content-type')).toBe('application/wasm');
    expect((await fetch(`${address}a.timbre`)).headers.get('content-type')).toBe('application/zip');
    expect((await fetch(`${address}missing.js`)).status).toBe(404);
  });

  test('says so when a port is taken, or takes the next', async () => {
    const { address } = await start();
    const port = Number(new URL(address).port);
    await expect(start({ port })).rejects.toThrow(`Port ${port} is in use; choose another with --port.`);
    const next = await start({ port, tryNext: true });
    expect(Number(new URL(next.address).port)).toBeGreaterThan(port);
  });

  test('says so when there is no page', async () => {
    await expect(start({ folder: join(folder, 'nothing') })).rejects.toThrow('The page is not built yet');
  });
});
