package ai.pediscreen.telemetry.postgres.connect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A URL of JDBC without what would decide about the schema: parameters of a URL count for more than
 * the properties of a connection.
 *
 * @param url without {@code currentSchema} and {@code options}
 * @param given what {@code options} was; empty if the URL had none
 */
record PinnedUrl(String url, String given) {

  static PinnedUrl of(String jdbcUrl) {
    int mark = jdbcUrl.indexOf('?');
    if (mark < 0) {
      return new PinnedUrl(jdbcUrl, "");
    }
    List<String> kept = new ArrayList<>();
    String options = "";
    for (String parameter : jdbcUrl.substring(mark + 1).split("&", -1)) {
      if (parameter.startsWith("options=")) {
        options =
            URLDecoder.decode(parameter.substring("options=".length()), StandardCharsets.UTF_8);
      } else if (!parameter.startsWith("currentSchema=")) {
        kept.add(parameter);
      }
    }
    String address = jdbcUrl.substring(0, mark);
    return new PinnedUrl(
        kept.isEmpty() ? address : address + "?" + String.join("&", kept), options);
  }

  /** What the URL gave and then these; of two that name one setting the later one counts. */
  String options(String... more) {
    return (given + " " + String.join(" ", more)).strip();
  }
}
