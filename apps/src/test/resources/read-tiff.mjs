// Prints size, first description and values of every page of a TIFF file, as geotiff reads them.
import { fromFile } from "geotiff";

const tiff = await fromFile(process.argv[2]);
const pages = [];
for (let i = 0; i < await tiff.getImageCount(); i++) {
  const image = await tiff.getImage(i);
  const [values] = await image.readRasters();
  pages.push({ height: image.getHeight(), width: image.getWidth(), values: Array.from(values) });
}
console.log(JSON.stringify({ big: tiff.bigTiff, pages }));
