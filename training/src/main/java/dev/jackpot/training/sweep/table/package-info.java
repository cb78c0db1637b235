/** What a sweep's cells came to, and the table that compares them. */
package dev.jackpot.training.sweep.table;
