import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport';
import * as z from 'zod';
import type { MailInput } from './email-input.ts';
import { isTlsCode } from './tls-code.ts';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `starttls` refuses a server that cannot; `none` is for this machine only. */
  readonly tls: 'starttls' | 'implicit' | 'none';
  /** For all of it, from the connection to the last answer. */
  readonly timeoutMs: number;
  /** Certificates to trust instead of the system's. */
  readonly ca?: string | undefined;
}

export interface Login {
  readonly user: string;
  readonly pass: string;
}

export interface Mail extends MailInput {
  readonly from: string;
  readonly messageId: string;
}

/** A mail that was not accepted, or not known to be. */
export interface Refusal {
  readonly isAccepted: false;
  /** Whether all of the message was on its way, so that the server may have taken it. */
  readonly isOut: boolean;
  /** The server's answer that ended it, as 550. */
  readonly responseCode: number | undefined;
  /** nodemailer's, as EAUTH. */
  readonly errorCode: string | undefined;
  readonly isTls: boolean;
  readonly ended: 'timed_out' | 'stopped' | undefined;
}

export type MailEnd = { readonly isAccepted: true } | Refusal;

const errorSchema = z.object({
  code: z.string().optional().catch(undefined),
  /** What the system said, where `code` is nodemailer's. */
  originalCode: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
});

/** Hands one mail to a server, on a connection of its own that is cut when time is up. Never rejects. */
export async function sendMail(
  server: SmtpServer,
  auth: Login | undefined,
  mail: Mail,
  signal: AbortSignal,
): Promise<MailEnd> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(server.timeoutMs)]);
  const out = { isOut: false };
  let socket: Socket | undefined;
  const transport = createTransport({
    ...transportOptions(server, auth),
    getSocket: (_options: unknown, callback: SocketCallback) => {
      socket = connect({ host: server.host, port: server.port, signal: end });
      whenConnected(socket, callback);
    },
  });
  transport.use('stream', (message, done) => {
    message.message.processFunc((input) => watched(input, out));
    done();
  });
  try {
    await transport.sendMail(messageOf(mail));
    return { isAccepted: true };
  } catch (error) {
    return { isAccepted: false, isOut: out.isOut, ...factsOf(error), ended: endOf(end) };
  } finally {
    socket?.destroy();
  }
}

function transportOptions(
  { ca, host, port, timeoutMs, tls }: SmtpServer,
  auth: Login | undefined,
): SMTPTransport.Options {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(ca !== undefined && { tls: { ca } }),
    ...(auth !== undefined && { auth }),
    // Ours is the time that counts; a longer one of its own is only the net under it.
    greetingTimeout: timeoutMs * 2,
    socketTimeout: timeoutMs * 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function messageOf({ from, messageId, replyTo, subject, text, to }: Mail) {
  return {
    envelope: { from, to: [to] },
    // As objects: a text would be parsed, and may be a list.
    from: { name: '', address: from },
    to: { name: '', address: to },
    ...(replyTo !== undefined && { replyTo: { name: '', address: replyTo } }),
    subject,
    text,
    messageId,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

type SocketCallback = (error: Error | null, options: { connection?: Socket }) => void;

function whenConnected(socket: Socket, callback: SocketCallback): void {
  const fail = (error: Error) => callback(error, {});
  socket.once('error', fail);
  socket.once('connect', () => {
    socket.off('error', fail);
    // It may be cut when nobody else listens any more.
    socket.on('error', () => undefined);
    callback(null, { connection: socket });
  });
}

/**
 * The message, read only when the server wants it, which is after DATA: a stream that is filled before would seem to be
 * out before. When all is read nodemailer writes the dot that ends it.
 */
function watched(input: Readable, out: { isOut: boolean }): Readable {
  async function* chunks() {
    yield* input;
    out.isOut = true;
  }
  return Readable.from(chunks(), { objectMode: false });
}

function endOf(end: AbortSignal): 'timed_out' | 'stopped' | undefined {
  if (!end.aborted) return undefined;
  return end.reason instanceof Error && end.reason.name === 'TimeoutError' ? 'timed_out' : 'stopped';
}

function factsOf(error: unknown): Pick<Refusal, 'responseCode' | 'errorCode' | 'isTls'> {
  if (!(error instanceof Error)) throw error;
  const { code, originalCode, responseCode } = errorSchema.parse(error);
  return { responseCode, errorCode: code, isTls: code === 'ETLS' || isTlsCode(originalCode) };
}
