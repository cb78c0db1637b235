/** Fetches the official archives of data sets, checks them and unpacks them safely. */
package dev.jackpot.training.download;
