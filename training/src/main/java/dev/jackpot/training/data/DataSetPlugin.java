package dev.jackpot.training.data;

import dev.jackpot.config.Plugin;
import dev.jackpot.config.proto.Data;

/** Makes a data set from outside this project. */
public interface DataSetPlugin extends Plugin<Data, DataSet> {}
