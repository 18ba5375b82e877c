package ai.pediscreen.telemetry.server.price;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of prices: {@code {"prices": [{"model": "gpt-4o*", "provider": "openai", "from":
 * "2024-10-02", "input": 2.50, "cache_read": 1.25, "output": 10}]}}. Every fault is found at once.
 */
public final class PriceFile {

  private static final String PRICES = "prices";

  private static final Set<String> NAMES =
      Set.of(
          "model", "provider", "from", "input", "cache_read", "cache_write", "output", "reasoning");

  private static final BigDecimal MAX_RATE = BigDecimal.valueOf(1_000_000);
  private static final int MAX_PLACES = 12;
  private static final int MAX_NAME = 256;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final List<String> faults = new ArrayList<>();
  private final Set<List<@Nullable Object>> seen = new HashSet<>();

  private PriceFile() {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException with every fault, a line each
   */
  public static PriceList read(String path) {
    PriceFile file = new PriceFile();
    List<Price> prices = new ArrayList<>();
    JsonNode list = file.list(path);
    for (int i = 0; i < list.size(); i++) {
      Price price = file.price(PRICES + "[" + i + "]", list.get(i));
      if (price != null) {
        prices.add(price);
      }
    }
    if (!file.faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", file.faults));
    }
    return new PriceList(prices);
  }

  private JsonNode list(String path) {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(Path.of(path)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "names a file that is no JSON: %s, line %d: %s"
              .formatted(path, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException("names a file that cannot be read: " + path, e);
    }
    JsonNode list = root.path(PRICES);
    if (!list.isArray() || list.isEmpty() || root.size() != 1) {
      throw new IllegalArgumentException(
          "names a file that is not {\"prices\": […]} with at least one price: " + path);
    }
    return list;
  }

  private @Nullable Price price(String place, JsonNode entry) {
    int before = faults.size();
    if (!entry.isObject()) {
      faults.add(place + " must be an object");
      return null;
    }
    entry
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!NAMES.contains(name)) {
                faults.add("%s has no field %s; its fields are %s".formatted(place, name, names()));
              }
            });
    String model = model(place, entry.get("model"));
    String provider = entry.has("provider") ? text(place, "provider", entry) : null;
    Instant from = from(place, entry.get("from"));
    BigDecimal input = rate(place, "input", entry, true);
    BigDecimal cacheRead = rate(place, "cache_read", entry, false);
    BigDecimal cacheWrite = rate(place, "cache_write", entry, false);
    BigDecimal output = rate(place, "output", entry, true);
    BigDecimal reasoning = rate(place, "reasoning", entry, false);
    if (faults.size() > before
        || model == null
        || from == null
        || input == null
        || output == null) {
      return null;
    }
    if (!seen.add(Arrays.asList(model, provider, from))) {
      faults.add(place + " has the model, provider and from of another price");
    }
    return new Price(model, provider, from, input, cacheRead, cacheWrite, output, reasoning);
  }

  private static String names() {
    return String.join(", ", NAMES.stream().sorted().toList());
  }

  private @Nullable String model(String place, @Nullable JsonNode value) {
    String text = value == null ? null : value.textValue();
    if (text == null || text.isBlank() || text.length() > MAX_NAME) {
      faults.add(place + ".model must be the name of a model, or the beginning of names and *");
      return null;
    }
    int asterisk = text.indexOf('*');
    if (asterisk >= 0 && asterisk < text.length() - 1) {
      faults.add(place + ".model may have * at its end alone");
    }
    return text;
  }

  private @Nullable String text(String place, String name, JsonNode entry) {
    String text = entry.get(name).textValue();
    if (text == null || text.isBlank()) {
      faults.add("%s.%s must be a text".formatted(place, name));
    }
    return text;
  }

  private @Nullable Instant from(String place, @Nullable JsonNode value) {
    String text = value == null ? null : value.textValue();
    try {
      if (text != null) {
        return text.indexOf('T') < 0
            ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
            : Instant.parse(text);
      }
    } catch (DateTimeException e) {
      // Answered below, as no text is.
    }
    faults.add(place + ".from must be a UTC day such as 2026-01-31, or 2026-01-31T12:00:00Z");
    return null;
  }

  private @Nullable BigDecimal rate(String place, String name, JsonNode entry, boolean required) {
    JsonNode value = entry.get(name);
    if (value == null && !required) {
      return null;
    }
    BigDecimal rate = value == null ? null : decimal(value);
    if (rate == null
        || rate.signum() < 0
        || rate.compareTo(MAX_RATE) > 0
        || rate.stripTrailingZeros().scale() > MAX_PLACES) {
      faults.add(
          ("%s.%s must be US dollars for a million tokens: a decimal number of 0 to %s with at most"
                  + " %d places")
              .formatted(place, name, MAX_RATE, MAX_PLACES));
      return null;
    }
    return rate;
  }

  /** A number, or a text that is one, as it was written. */
  private static @Nullable BigDecimal decimal(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    String text = value.textValue();
    return text != null && text.matches("\\d{1,7}(\\.\\d{1,12})?") ? new BigDecimal(text) : null;
  }
}
