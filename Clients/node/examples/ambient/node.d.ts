/** As much of Node.js as the examples and the types' test use, for a check without `@types/node`. */
declare const process: { readonly env: { readonly [name: string]: string | undefined } };
declare class AbortSignal {
  private constructor();
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
