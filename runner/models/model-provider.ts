export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface CompletionRequest {
  /** By the provider's name for it. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** An answer that would need more is a fault. The provider's own bound when left away. */
  readonly max_output_tokens?: number | undefined;
  readonly temperature?: number | undefined;
}

export interface Completion {
  readonly text: string;
  /** The one that answered, which may be a dated release of the one that was asked. */
  readonly model: string;
  /** Only answers that ended by themselves are given out. */
  readonly finish_reason: 'stop';
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

/**
 * Asks language models. Whatever the provider or the network does is a `ServiceFault`; one without a whole answer to
 * give is never a completion. Asking again is another answer and another bill, and nothing worse.
 */
export interface ModelProvider {
  complete(request: CompletionRequest, signal: AbortSignal): Promise<Completion>;
}
