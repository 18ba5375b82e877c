package ai.pediscreen.telemetry.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an act was about, as names and values. Identifiers of events, cases, users and traces are
 * kept apart: an entry holds a keyed hash in their place. Immutable.
 */
public final class AuditSelection {

  /** Nothing that could be named. */
  public static final AuditSelection NONE = new AuditSelection(List.of());

  private static final String ESCAPED = "%&=";

  /**
   * @param values one, or of an identifier all of its forms
   */
  private record Part(String name, boolean identifier, Set<String> values) {}

  private final List<Part> parts;

  private AuditSelection(List<Part> parts) {
    this.parts = parts;
  }

  /** The same with one more value from a fixed set; unchanged if the value is null. */
  public AuditSelection with(String name, @Nullable Object value) {
    return value == null ? this : and(new Part(name, false, Set.of(value.toString())));
  }

  /**
   * The same with one more free text; unchanged if the text is null. What looks like an identifier
   * of a person is left out.
   */
  public AuditSelection withText(String name, @Nullable String text) {
    return with(name, AuditAct.withoutPersons(text));
  }

  /**
   * The same with one more identifier; unchanged if there is none.
   *
   * @param forms what it may be stored as: as it was sent, and its pseudonym
   */
  public AuditSelection withIdentifier(String name, Set<String> forms) {
    return forms.isEmpty() ? this : and(new Part(name, true, Set.copyOf(forms)));
  }

  /**
   * As an entry holds it: {@code name=value} in the order in which they were added, with {@code &}
   * between. In names and values {@code %}, {@code &}, {@code =} and control characters are written
   * as {@code %} and four hexadecimal digits.
   *
   * @param hash makes a keyed hash of an identifier's name and its forms in alphabetical order,
   *     with LF between: what a receipt of an erasure hashes
   */
  public String text(UnaryOperator<String> hash) {
    return parts.stream()
        .map(part -> escaped(part.name) + "=" + escaped(value(part, hash)))
        .collect(Collectors.joining("&"));
  }

  private static String value(Part part, UnaryOperator<String> hash) {
    String values = part.values.stream().sorted().collect(Collectors.joining("\n"));
    return part.identifier ? hash.apply(part.name + "\n" + values) : values;
  }

  private AuditSelection and(Part part) {
    List<Part> longer = new ArrayList<>(parts);
    longer.add(part);
    return new AuditSelection(List.copyOf(longer));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || ESCAPED.indexOf(c) >= 0) {
        escaped.append("%%%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
