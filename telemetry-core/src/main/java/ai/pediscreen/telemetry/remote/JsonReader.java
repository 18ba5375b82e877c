package ai.pediscreen.telemetry.remote;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's answer: maps, lists, texts, {@link BigDecimal} numbers, booleans and nulls. No
 * more than an answer needs; what is no JSON is an {@link IllegalArgumentException}.
 */
final class JsonReader {

  private static final int MAX_NESTING = 32;
  private static final int MAX_NUMBER = 40;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  static @Nullable Object read(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value(0);
    reader.blanks();
    if (reader.at < text.length()) {
      throw reader.fault();
    }
    return value;
  }

  private @Nullable Object value(int nesting) {
    if (nesting > MAX_NESTING) {
      throw fault();
    }
    blanks();
    return switch (peek()) {
      case '{' -> object(nesting);
      case '[' -> array(nesting);
      case '"' -> text();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int nesting) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    at++;
    blanks();
    if (peek() == '}') {
      at++;
      return object;
    }
    while (true) {
      blanks();
      String name = text();
      blanks();
      expect(':');
      object.put(name, value(nesting + 1));
      blanks();
      if (peek() == '}') {
        at++;
        return object;
      }
      expect(',');
    }
  }

  private List<@Nullable Object> array(int nesting) {
    List<@Nullable Object> array = new ArrayList<>();
    at++;
    blanks();
    if (peek() == ']') {
      at++;
      return array;
    }
    while (true) {
      array.add(value(nesting + 1));
      blanks();
      if (peek() == ']') {
        at++;
        return array;
      }
      expect(',');
    }
  }

  private String text() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      out.append(c == '\\' ? escaped() : c);
    }
    at++;
    return out.toString();
  }

  private char escaped() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw fault();
    };
  }

  private char unicode() {
    if (at + 4 > text.length()) {
      throw fault();
    }
    try {
      char c = (char) Integer.parseUnsignedInt(text, at, at + 4, 16);
      at += 4;
      return c;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(fault().getMessage(), e);
    }
  }

  private @Nullable Object word(String word, @Nullable Boolean value) {
    if (!text.startsWith(word, at)) {
      throw fault();
    }
    at += word.length();
    return value;
  }

  private BigDecimal number() {
    int from = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at == from || at - from > MAX_NUMBER) {
      throw fault();
    }
    try {
      return new BigDecimal(text.substring(from, at));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(fault().getMessage(), e);
    }
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char c) {
    if (peek() != c) {
      throw fault();
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw fault();
    }
    return text.charAt(at);
  }

  private IllegalArgumentException fault() {
    return new IllegalArgumentException("invalid JSON at character " + at);
  }
}
