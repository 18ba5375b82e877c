package ai.pediscreen.telemetry.daily;

import ai.pediscreen.telemetry.drift.CountedValues;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link FeatureValues} as bytes. */
final class FeatureValuesFormat {

  private static final byte WITHOUT_DIGITS = 1;
  private static final byte VERSION = 2;

  /** Rounding to one digit less leaves a tenth of {@link FeatureValues#MAX_NUMBERS} at least. */
  private static final int FEWEST_OF_A_COARSER_DAY = FeatureValues.MAX_NUMBERS / 12;

  private FeatureValuesFormat() {}

  static byte[] write(FeatureValues values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      byte[] counted = values.numbers().toBytes();
      out.writeByte(VERSION);
      out.writeByte(values.digits());
      out.writeInt(counted.length);
      out.write(counted);
      out.writeLong(values.otherTexts());
      out.writeInt(values.texts().size());
      for (Map.Entry<String, Long> text : values.texts().entrySet()) {
        out.writeUTF(text.getKey());
        out.writeLong(text.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static FeatureValues read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version != VERSION && version != WITHOUT_DIGITS) {
        throw new IllegalArgumentException(
            "version must be %d or %d, but is %d".formatted(WITHOUT_DIGITS, VERSION, version));
      }
      int digits = version == VERSION ? in.readByte() : 0;
      int length = in.readInt();
      if (length < 0 || length > in.available()) {
        throw new IllegalArgumentException("numbers cannot take " + length + " bytes");
      }
      CountedValues numbers = CountedValues.fromBytes(in.readNBytes(length));
      long otherTexts = in.readLong();
      SortedMap<String, Long> texts = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        texts.put(in.readUTF(), in.readLong());
      }
      if (in.available() > 0) {
        throw new IllegalArgumentException(in.available() + " bytes too many");
      }
      return new FeatureValues(
          numbers, texts, otherTexts, version == VERSION ? digits : digitsOf(numbers));
    } catch (IOException e) {
      throw new IllegalArgumentException("the bytes end too early, or hold no text", e);
    }
  }

  /** Version 1 does not say: only a day of very many numbers was rounded to fewer digits. */
  private static int digitsOf(CountedValues numbers) {
    int digits = FeatureValues.DIGITS;
    if (numbers.distinct() >= FEWEST_OF_A_COARSER_DAY) {
      while (digits > 1 && SignificantDigits.rounded(numbers, digits, digits - 1).equals(numbers)) {
        digits--;
      }
    }
    return digits;
  }
}
