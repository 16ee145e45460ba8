/** Draws pictures of floating-point values with WebGL2: tiles of textures through a table of colours. */
import { table } from "./colours";
import type { Source } from "./volume";

/** What part of a picture is shown: its middle, in pixels of the picture, and pixels of the screen per pixel of it. */
export interface Frame {
  x: number;
  y: number;
  zoom: number;
  /** Height of a pixel of the picture over its width. */
  aspect: number;
}

/** A picture and how it is coloured; several are added up. */
export interface Layer {
  source: Source;
  map: string;
  low: number;
  high: number;
}

const VERTICES = `#version 300 es
in vec2 corner;
uniform vec4 place;
out vec2 inside;
void main() {
  inside = corner;
  gl_Position = vec4(mix(place.xy, place.zw, corner), 0.0, 1.0);
}`;

const COLOURS = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D values;
uniform sampler2D colours;
uniform vec2 size;
uniform vec2 range;
in vec2 inside;
out vec4 colour;
void main() {
  float value = texelFetch(values, ivec2(min(inside * size, size - 0.5)), 0).r;
  float shade = clamp((value - range.x) / (range.y - range.x), 0.0, 1.0);
  colour = texelFetch(colours, ivec2(int(shade * 255.0 + 0.5), 0), 0);
}`;

const MOST_BYTES = 96e6;
const AGAIN_AFTER_MILLISECONDS = 2000;

interface Texture {
  texture: WebGLTexture;
  bytes: number;
}

export class Painter {
  private readonly gl: WebGL2RenderingContext;
  private readonly program: WebGLProgram;
  private readonly textures = new Map<string, Texture>();
  private bytes = 0;
  private shown: readonly Layer[] = [];
  private readonly seen = new Set<string>();
  private readonly pending = new Set<string>();
  private readonly tables = new Map<string, WebGLTexture>();

  /**
   * @param arrived called when a tile has come that was missing
   * @param failed called when one cannot be had; it is asked for again later
   */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly arrived: () => void,
    private readonly failed: (failure: unknown) => void,
  ) {
    const gl = canvas.getContext("webgl2", { preserveDrawingBuffer: true, antialias: false });
    if (!gl) throw new Error("this browser has no WebGL2, which pictures are drawn with");
    this.gl = gl;
    this.program = this.linked();
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(this.program, "corner");
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    gl.useProgram(this.program);
    gl.uniform1i(this.place("values"), 0);
    gl.uniform1i(this.place("colours"), 1);
  }

  private linked(): WebGLProgram {
    const gl = this.gl;
    const program = gl.createProgram();
    for (const [kind, text] of [
      [gl.VERTEX_SHADER, VERTICES],
      [gl.FRAGMENT_SHADER, COLOURS],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "WebGL");
    return program;
  }

  private place(name: string): WebGLUniformLocation {
    return this.gl.getUniformLocation(this.program, name)!;
  }

  /**
   * Draws what has come so far; returns whether that is all of it. Another picture is shown when all of it has come, and
   * the one before until then.
   */
  draw(layers: readonly Layer[], frame: Frame): boolean {
    const gl = this.gl;
    this.seen.clear();
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const all = layers.every((layer) => this.request(layer.source, this.levelFor(layer.source, frame), frame));
    const same = layers.length === this.shown.length && layers.every((layer, i) => layer.source.key === this.shown[i]!.source.key);
    if (all || same || this.shown.length === 0) this.shown = layers;
    this.shown.forEach((layer, index) => {
      if (index === 0) gl.disable(gl.BLEND);
      else gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE);
      this.drawLayer(layer, frame, this.shown.length === 1);
    });
    return all;
  }

  /** The size whose pixels are at most as large as those of the screen. */
  private levelFor(source: Source, frame: Frame): number {
    let level = 0;
    while (level + 1 < source.factors.length && source.factors[level + 1]! * frame.zoom <= 1) level++;
    return level;
  }

  /** Asks for what is missing; whether nothing is. */
  private request(source: Source, level: number, frame: Frame): boolean {
    // All of them are asked for at once.
    return this.tiles(source, level, frame)
      .map(([row, column]) => this.texture(source, level, row, column) !== undefined)
      .every((there) => there);
  }

  /** @param alone whether nothing is added to it: coarse tiles may then lie below finer ones */
  private drawLayer(layer: Layer, frame: Frame, alone: boolean): void {
    const gl = this.gl;
    const { source } = layer;
    const level = this.levelFor(source, frame);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.tableOf(layer.map));
    gl.activeTexture(gl.TEXTURE0);
    gl.uniform2f(this.place("range"), layer.low, layer.high === layer.low ? layer.low + 1e-12 : layer.high);
    if (alone && level + 1 < source.factors.length) this.drawLevel(source, source.factors.length - 1, frame);
    this.drawLevel(source, level, frame);
  }

  private static key(source: Source, level: number, row: number, column: number): string {
    return `${source.key}|${level}|${row}|${column}`;
  }

  /** Tiles of a size that are seen, row and column. */
  private tiles(source: Source, level: number, frame: Frame): [number, number][] {
    const factor = source.factors[level]!;
    const halfWidth = this.canvas.width / 2 / frame.zoom;
    const halfHeight = this.canvas.height / 2 / frame.zoom / frame.aspect;
    const height = source.tileHeight * factor;
    const width = source.tileWidth * factor;
    const rows = Math.ceil(Math.floor(source.height / factor) / source.tileHeight);
    const columns = Math.ceil(Math.floor(source.width / factor) / source.tileWidth);
    const tiles: [number, number][] = [];
    const top = Math.max(0, Math.floor((frame.y - halfHeight) / height));
    const left = Math.max(0, Math.floor((frame.x - halfWidth) / width));
    for (let row = top; row < rows && row * height < frame.y + halfHeight; row++)
      for (let column = left; column < columns && column * width < frame.x + halfWidth; column++)
        tiles.push([row, column]);
    return tiles;
  }

  private drawLevel(source: Source, level: number, frame: Frame): void {
    const gl = this.gl;
    const factor = source.factors[level]!;
    const levelHeight = Math.floor(source.height / factor);
    const levelWidth = Math.floor(source.width / factor);
    for (const [row, column] of this.tiles(source, level, frame)) {
      const texture = this.texture(source, level, row, column);
      if (!texture) continue;
      const height = Math.min(source.tileHeight, levelHeight - row * source.tileHeight);
      const width = Math.min(source.tileWidth, levelWidth - column * source.tileWidth);
      const [left, top] = this.onScreen(column * source.tileWidth * factor, row * source.tileHeight * factor, frame);
      const [right, bottom] = this.onScreen(
        (column * source.tileWidth + width) * factor,
        (row * source.tileHeight + height) * factor,
        frame,
      );
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform4f(this.place("place"), left, top, right, bottom);
      gl.uniform2f(this.place("size"), width, height);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
  }

  /** From pixels of the picture to WebGL's square from -1 to 1. */
  private onScreen(x: number, y: number, frame: Frame): [number, number] {
    return [
      ((x - frame.x) * frame.zoom * 2) / this.canvas.width,
      (-(y - frame.y) * frame.zoom * frame.aspect * 2) / this.canvas.height,
    ];
  }

  private texture(source: Source, level: number, row: number, column: number): WebGLTexture | undefined {
    const key = Painter.key(source, level, row, column);
    this.seen.add(key);
    const known = this.textures.get(key);
    if (known) {
      this.textures.delete(key);
      this.textures.set(key, known);
      return known.texture;
    }
    if (!this.pending.has(key)) {
      this.pending.add(key);
      source
        .tile(level, row, column)
        .then((values) => {
          this.pending.delete(key);
          this.keep(key, source, values);
          this.arrived();
        })
        .catch((failure: unknown) => {
          this.failed(failure);
          setTimeout(() => {
            this.pending.delete(key);
            this.arrived();
          }, AGAIN_AFTER_MILLISECONDS);
        });
    }
    return undefined;
  }

  private keep(key: string, source: Source, values: Float32Array): void {
    const gl = this.gl;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, source.tileWidth, source.tileHeight, 0, gl.RED, gl.FLOAT, values);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
    const bytes = 4 * source.tileWidth * source.tileHeight;
    this.textures.set(key, { texture, bytes });
    this.bytes += bytes;
    for (const [oldest, old] of this.textures) {
      // What is seen now stays, however much it is.
      if (this.bytes <= MOST_BYTES || this.seen.has(oldest) || oldest === key) break;
      gl.deleteTexture(old.texture);
      this.textures.delete(oldest);
      this.bytes -= old.bytes;
    }
  }

  private tableOf(map: string): WebGLTexture {
    const known = this.tables.get(map);
    if (known) return known;
    const gl = this.gl;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table(map));
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    this.tables.set(map, texture);
    return texture;
  }

  /** Gives back what the graphics card holds. */
  close(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
