/**
 * Codes for where a kernel's non-zero weights stand (docs/formats.md): written in Java, read again
 * by TensorFlow's standard ops while a SavedModel is loaded.
 */
package dev.jackpot.export.codes;
