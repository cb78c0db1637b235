/**
 * The plain loader: a program of TensorFlow Java's classes and the JDK's alone, which runs in a
 * process of its own without any other class of Jackpot.
 */
package dev.jackpot.export.loader;
