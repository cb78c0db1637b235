package dev.jackpot.config;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.jackpot.config.Node.Kind;
import dev.jackpot.config.Node.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a scalar as the type that the schema gives its field. */
final class Scalars {
  private static final Pattern INTEGER = Pattern.compile("-?(0[xX][0-9a-fA-F]+|[0-9]+)");
  private static final Pattern REAL =
      Pattern.compile("-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?[fF]?");
  private static final Set<String> NOT_FINITE = Set.of("inf", "infinity", "nan");
  private static final Map<String, Boolean> BOOLEANS =
      Map.of("true", true, "True", true, "t", true, "false", false, "False", false, "f", false);

  /** More digits than any 64-bit value has: not worth converting. */
  private static final int LONGEST_NUMBER = 400;

  private Scalars() {}

  /** How a value is written. */
  enum Style {
    TEXT,
    /**
     * Numbers may stand in quotes, integers may be written 1e3, as protobuf's JSON mapping has it.
     */
    JSON,
    /** Of a {@code --set}: strings need no quotes, the case of an enum's name does not matter. */
    SET
  }

  /** The value cannot be of the field's type. */
  static final class WrongType extends Exception {
    private static final long serialVersionUID = 1L;

    WrongType(String message) {
      super(message);
    }
  }

  /**
   * @return a value as protobuf's reflection takes it
   * @throws WrongType with "found …, expected …"
   */
  static Object read(FieldDescriptor field, Scalar scalar, Style style) throws WrongType {
    return switch (field.getJavaType()) {
      case INT -> (int) integer(scalar, style, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> integer(scalar, style, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> real(scalar, style);
      case FLOAT -> (float) real(scalar, style);
      case BOOLEAN -> bool(scalar, style);
      case STRING -> string(scalar, style);
      case ENUM -> enumValue(field.getEnumType(), scalar, style);
      case BYTE_STRING, MESSAGE -> throw wrong(scalar, "no scalar");
    };
  }

  private static boolean isNumber(Scalar scalar, Style style) {
    return scalar.kind() == Kind.NUMBER || scalar.kind() == Kind.STRING && style == Style.JSON;
  }

  private static long integer(Scalar scalar, Style style, long least, long most) throws WrongType {
    String text = scalar.text();
    if (isNumber(scalar, style) && text.length() <= LONGEST_NUMBER) {
      BigInteger value = null;
      if (style == Style.JSON ? REAL.matcher(text).matches() : INTEGER.matcher(text).matches()) {
        value = style == Style.JSON ? exact(text) : withRadix(text);
      }
      if (value != null
          && value.bitLength() < Long.SIZE
          && value.longValue() >= least
          && value.longValue() <= most) {
        return value.longValue();
      }
    }
    throw wrong(scalar, "an integer from %d to %d".formatted(least, most));
  }

  /** 8, 0x1F or, as in C, 017. Null if an octal number has a digit above 7. */
  private static BigInteger withRadix(String text) {
    boolean minus = text.startsWith("-");
    String digits = minus ? text.substring(1) : text;
    BigInteger value;
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      value = new BigInteger(digits.substring(2), 16);
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      if (digits.indexOf('8') >= 0 || digits.indexOf('9') >= 0) {
        return null;
      }
      value = new BigInteger(digits, 8);
    } else {
      value = new BigInteger(digits);
    }
    return minus ? value.negate() : value;
  }

  /**
   * The integer that a decimal such as 1e3 or 20.0 equals; null if there is none of a sane size.
   */
  private static BigInteger exact(String text) {
    try {
      BigDecimal value = new BigDecimal(text);
      int exponent = value.precision() - value.scale();
      return exponent > 30 ? null : value.toBigIntegerExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static double real(Scalar scalar, Style style) throws WrongType {
    String text = scalar.text();
    if (isNumber(scalar, style) && text.length() <= LONGEST_NUMBER) {
      double value = Double.NaN;
      if (REAL.matcher(text).matches()) {
        value = Double.parseDouble(text);
      } else if (style != Style.JSON && INTEGER.matcher(text).matches()) {
        BigInteger integer = withRadix(text);
        value = integer == null ? Double.NaN : integer.doubleValue();
      }
      if (Double.isFinite(value)) {
        return value;
      }
    }
    String word = text.startsWith("-") ? text.substring(1) : text;
    boolean finite =
        !NOT_FINITE.contains(word.toLowerCase(Locale.ROOT)) && !isNumber(scalar, style);
    throw wrong(scalar, finite ? "a number" : "a finite number");
  }

  private static boolean bool(Scalar scalar, Style style) throws WrongType {
    String text = scalar.text();
    Boolean value = scalar.kind() == Kind.WORD ? BOOLEANS.get(text) : null;
    if (scalar.kind() == Kind.NUMBER
        && style != Style.JSON
        && (text.equals("0") || text.equals("1"))) {
      value = text.equals("1");
    }
    if (value == null) {
      throw wrong(scalar, "true or false");
    }
    return value;
  }

  private static String string(Scalar scalar, Style style) throws WrongType {
    if (scalar.kind() != Kind.STRING && style != Style.SET) {
      throw wrong(scalar, "a string in quotes");
    }
    return scalar.text();
  }

  private static EnumValueDescriptor enumValue(EnumDescriptor type, Scalar scalar, Style style)
      throws WrongType {
    String text = scalar.text();
    List<String> names = type.getValues().stream().map(EnumValueDescriptor::getName).toList();
    for (EnumValueDescriptor value : type.getValues()) {
      boolean named =
          style == Style.SET
              ? value.getName().equalsIgnoreCase(text)
              : value.getName().equals(text);
      boolean written =
          style == Style.TEXT ? scalar.kind() == Kind.WORD : scalar.kind() != Kind.NUMBER;
      boolean numbered =
          scalar.kind() == Kind.NUMBER && text.equals(String.valueOf(value.getNumber()));
      if (named && written || numbered) {
        return value;
      }
    }
    throw new WrongType(
        "found %s, expected one of %s%s"
            .formatted(scalar.shown(), String.join(", ", names), Names.hint(cut(text), names)));
  }

  /** Names longer than any known one are cut before they are compared. */
  static String cut(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64);
  }

  private static WrongType wrong(Scalar scalar, String expected) {
    return new WrongType("found %s, expected %s".formatted(scalar.shown(), expected));
  }
}
