package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.List;

/**
 * What a data set holds, found by reading all of it once.
 *
 * @param description what people call it
 * @param fingerprint digest of its content, see {@link DataSet#fingerprint()}
 * @param shape shape of every image
 * @param classNames a name per class
 * @param train the training split
 * @param test the test split
 */
public record DataCheck(
    String description,
    String fingerprint,
    ImageShape shape,
    List<String> classNames,
    SplitCheck train,
    SplitCheck test) {
  public DataCheck {
    classNames = List.copyOf(classNames);
  }

  /**
   * Reads every image and label.
   *
   * @throws JackpotException if a label is out of range
   */
  public static DataCheck of(DataSet data) {
    return new DataCheck(
        data.description(),
        data.fingerprint(),
        data.shape(),
        data.classNames(),
        SplitCheck.of(data.train(), data.classes(), "training"),
        SplitCheck.of(data.test(), data.classes(), "test"));
  }
}
