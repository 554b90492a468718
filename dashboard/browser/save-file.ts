/** Gives a file to whoever looks at the page, as a download of the browser. */
export function saveFile(name: string, pieces: readonly Uint8Array<ArrayBuffer>[], type: string): void {
  const url = URL.createObjectURL(new Blob([...pieces], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
