import type { ExportVerdict } from '@countersign/protocol/verify-export';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { saveFile } from '../browser/save-file.ts';
import { usePlane } from '../plane/plane-context.ts';
import { HashPlace } from './hash-place.ts';
import { verifyHere } from './verify-here.ts';

export interface ProofRequest {
  /** What is done with the record: looked at alone, or given as a file once it holds. */
  readonly wanted: 'verdict' | 'file';
  /** The hash of an entry that was kept elsewhere. */
  readonly known?: string | undefined;
}
export interface Proof {
  readonly verdict: ExportVerdict;
  readonly known:
    | { readonly hash: string /** Undefined where no entry has it. */; readonly seq: number | undefined }
    | undefined;
}

/** The export of all, or of one proposal, verified as it comes; half of a record, or one that does not hold, is no file. */
export function useProof(proposalId?: string) {
  const { projectId, record } = usePlane();
  const [lines, setLines] = useState(0);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const proof = useMutation({
    mutationFn: async ({ known, wanted }: ProofRequest): Promise<Proof> => {
      setLines(0);
      const kept: Uint8Array<ArrayBuffer>[] = [];
      const place = known === undefined ? undefined : new HashPlace(known);
      const { signal } = leaving.current;
      const verdict = await verifyHere(record.exportLedger(proposalId, { signal }), {
        onProgress: setLines,
        onLine: place === undefined ? undefined : (line) => place.look(line),
        ...(wanted === 'file' ? { onPiece: (piece: Uint8Array) => kept.push(new Uint8Array(piece)) } : {}),
      });
      if (verdict.ok && wanted === 'file')
        saveFile(`${proposalId ?? `${projectId}-ledger`}.ndjson`, kept, 'application/x-ndjson');
      return { verdict, known: known === undefined ? undefined : { hash: known, seq: place?.seq } };
    },
  });
  return { ...proof, lines };
}
