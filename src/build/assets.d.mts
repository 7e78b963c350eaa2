import type { Plugin } from 'esbuild'

export interface ProducedAssets {
  /** Template name to the JavaScript source of its precompiled form. */
  readonly templates: Readonly<Record<string, string>>
  readonly styles: string
  readonly clientScript: string
  readonly font: Uint8Array
}

export function produceAssets(root?: string): Promise<ProducedAssets>
export function assetsPlugin(root?: string): Plugin
