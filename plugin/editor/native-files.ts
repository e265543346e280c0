// Files without a browser around: choosing and saving go through the native side's dialogues, and what is dropped on the editor outside the view comes in.
import type { FromView, ToView } from './view-messages.ts';

/** Purpose of a file that nobody asked for: it was dropped. */
export const DROPPED = -1;

type Offer = Extract<ToView, { type: 'offer' }>;

/** Stands in for `<input type=file>` and `<a download>` inside `room`; the UI's own code for files stays as it is in a browser. */
export class NativeFiles {
  private readonly waiting = new Map<number, HTMLInputElement>();
  private lastPurpose = DROPPED;

  constructor(
    private readonly room: HTMLElement,
    private readonly tell: (message: FromView) => void,
    /** Reads what a link of the page's own (`blob:`) leads to. */
    private readonly get: (url: string) => Promise<ArrayBuffer> = (url) =>
      fetch(url).then((response) => response.arrayBuffer()),
  ) {
    // On the document as users click; on the prototype as code clicks, which works for elements that stand in no document.
    room.ownerDocument.addEventListener('click', (event) => this.take(event), { capture: true });
    const own = HTMLElement.prototype.click;
    const instead = (element: HTMLElement): boolean => this.instead(element);
    HTMLElement.prototype.click = function click(this: HTMLElement): void {
      if (!instead(this)) own.call(this);
    };
  }

  /** Hands an offered file to the input that asked, or drops it on the UI. */
  receive({ purpose, fileName, bytes }: Offer): void {
    const file = new File([bytes], fileName);
    const transfer = new DataTransfer();
    transfer.items.add(file);
    const input = this.waiting.get(purpose);
    this.waiting.delete(purpose);
    if (input) {
      input.files = transfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
      const onto = this.room.firstElementChild ?? this.room;
      onto.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    }
  }

  private take(event: Event): void {
    if (event.target instanceof HTMLElement && this.instead(event.target)) event.preventDefault();
  }

  /** True where the native side does what a click on `element` asks for. */
  private instead(element: HTMLElement): boolean {
    if (element instanceof HTMLInputElement && element.type === 'file') {
      const purpose = ++this.lastPurpose;
      this.waiting.clear();
      this.waiting.set(purpose, element);
      this.tell({ type: 'chooseFile', purpose, accept: element.accept });
      return true;
    }
    const link = element.closest('a[download]');
    if (!(link instanceof HTMLAnchorElement)) return false;
    const fileName = link.download;
    void this.get(link.href).then((bytes) => this.tell({ type: 'saveFile', fileName, bytes }));
    return true;
  }
}
