package dev.jackpot.training.data;

import dev.jackpot.training.data.tfrecord.DamagedRecordException;
import dev.jackpot.training.data.tfrecord.Records;
import java.util.List;

/** The encoded images of TFRecord shards. */
final class TfRecordImages implements EncodedImages {
  private final Records records;

  TfRecordImages(Records records) {
    this.records = records;
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public int label(int index) {
    return records.label(index);
  }

  @Override
  public String name(int index) {
    return records.name(index);
  }

  /** The record's length, which is the image's and that of the other features. */
  @Override
  public long length(int index) {
    return records.length(index);
  }

  @Override
  public byte[] read(int index) {
    try {
      return records.image(index);
    } catch (DamagedRecordException e) {
      throw new CorruptImageException(e.getMessage(), e);
    }
  }

  @Override
  public List<Split.Skipped> skipped() {
    return records.leftOut().stream().map(r -> new Split.Skipped(r.name(), r.reason())).toList();
  }
}
