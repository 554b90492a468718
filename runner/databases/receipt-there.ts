import { DatabaseFault } from './database-fault.ts';

/** Undefined where a receipt stands under the key already: another attempt was recorded, and what it says holds. */
export async function orReceiptThere<Result>(result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof DatabaseFault && error.meaning.kind === 'receipt_there') return undefined;
    throw error;
  }
}
