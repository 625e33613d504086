import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ToldInForce } from '../../hooks/core/manifest-check/in-force.ts';
import { built, coordinatorProgram, coordinatorVersions } from '../lab/programs.ts';

/** A certificate and its key, as a client shows it. */
export interface Client {
  certificate: string;
  privateKey: string;
}

/** What a Coordinator says to a Manifest. */
export interface Judgement {
  takes: boolean;
  /** Why not; empty when it takes it. */
  message: string;
}

/** A version that the lab builds. */
export type Version = (typeof coordinatorVersions)[number];

/** A real Coordinator without an enclave, on this machine, with nothing sealed yet. It is up in a tenth of a second. */
export class Judge {
  readonly url: string;
  private readonly process: ChildProcess;
  private readonly folder: string;

  private constructor(url: string, process: ChildProcess, folder: string) {
    this.url = url;
    this.process = process;
    this.folder = folder;
  }

  static async start(version: Version): Promise<Judge> {
    const program = await built(coordinatorProgram(version), () => undefined);
    const folder = await mkdtemp(join(tmpdir(), 'judge-'));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(program, {
      stdio: 'ignore',
      env: {
        EDG_COORDINATOR_SEAL_DIR: folder,
        EDG_COORDINATOR_CLIENT_ADDR: address,
        EDG_COORDINATOR_MESH_ADDR: '127.0.0.1:0',
        OE_SIMULATION: '1',
      },
    });
    const judge = new Judge(`https://${address}`, child, folder);
    await judge.untilUp().catch(async (error: unknown) => {
      await judge.stop();
      throw error;
    });
    return judge;
  }

  /** Sets a Manifest. One that is refused leaves the Coordinator as it was. */
  async set(manifest: string): Promise<Judgement> {
    return await this.send('/api/v2/manifest', manifest);
  }

  /** Sends an update of the Manifest in force as one of its users. */
  async update(manifest: string, user: Client): Promise<Judgement> {
    return await this.send('/api/v2/update', manifest, user);
  }

  /** What it tells of the Manifest in force, to anyone who asks. */
  async inForce(): Promise<ToldInForce> {
    const ask = async <T>(path: string) =>
      (JSON.parse(await this.ask('GET', `/api/v2/${path}`)) as { data: T }).data;
    const { manifest } = await ask<{ manifest: string }>('manifest');
    const { updateLog } = await ask<{ updateLog: string[] }>('update');
    const pending = await ask<{ missingUsers: string[] } | null>('update-manifest');
    const told = { manifest: Buffer.from(manifest, 'base64').toString('utf8'), updateLog };
    return pending === null ? told : { ...told, pending: pending.missingUsers };
  }

  async stop(): Promise<void> {
    this.process.kill('SIGKILL');
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
    await rm(this.folder, { recursive: true });
  }

  private async send(path: string, manifest: string, user?: Client): Promise<Judgement> {
    const body = JSON.stringify({ manifest: Buffer.from(manifest).toString('base64') });
    const answer = JSON.parse(await this.ask('POST', path, body, user)) as {
      status: string;
      message?: string;
    };
    return { takes: answer.status === 'success', message: answer.message ?? '' };
  }

  private async untilUp(): Promise<void> {
    for (let tries = 400; tries > 0; tries--) {
      const answer = await this.ask('GET', '/api/v2/status').catch(() => undefined);
      if (this.process.exitCode !== null) throw new Error(`the Coordinator for ${this.url} has ended`);
      if (answer !== undefined) return;
      await delay(25);
    }
    throw new Error(`no Coordinator answers at ${this.url}`);
  }

  private async ask(method: string, path: string, body = '', user?: Client): Promise<string> {
    return await new Promise((resolve, reject) => {
      const tls = user === undefined ? {} : { cert: user.certificate, key: user.privateKey };
      const options = { method, rejectUnauthorized: false, agent: false, ...tls };
      const outgoing = request(this.url + path, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve(Buffer.concat(chunks).toString('utf8'));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

/** Ports below those that systems give to whoever asks for any port: what starts at the same time gets none of them. */
const firstPort = 20_000;
const ports = 12_000;

async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + randomInt(ports);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').catch(() => undefined);
    if (free === undefined) continue;
    await once(server.close(), 'close');
    return port;
  }
}
