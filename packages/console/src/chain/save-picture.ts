import { saveFile } from "../parts/save-file.ts";

const scale = 2;
const maxPixels = 16_000;

/** Has the browser keep an SVG as a file. */
export function saveSvg(svg: string, name: string): void {
  saveFile(new Blob([svg], { type: "image/svg+xml" }), `${name}.svg`);
}

/**
 * The same as PNG, twice as fine, or as fine as a canvas can be.
 *
 * @throws Error where the browser cannot draw it.
 */
export async function savePng(svg: string, name: string): Promise<void> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const factor = Math.min(scale, maxPixels / Math.max(image.width, image.height, 1));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * factor);
    canvas.height = Math.round(image.height * factor);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!png) throw new Error("this browser cannot make a PNG of it");
    saveFile(png, `${name}.png`);
  } finally {
    URL.revokeObjectURL(address);
  }
}
