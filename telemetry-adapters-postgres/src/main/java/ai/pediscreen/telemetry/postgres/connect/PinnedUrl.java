package ai.pediscreen.telemetry.postgres.connect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A URL of JDBC without what is not its to say, since parameters of a URL count for more than the
 * properties of a connection: which schema it is, how long is waited for an answer, and that
 * messages quote the values of a row.
 *
 * @param url without {@code currentSchema}, {@code options}, {@code socketTimeout} and {@code
 *     logServerErrorDetail}
 * @param given what {@code options} was; empty if the URL had none
 */
record PinnedUrl(String url, String given) {

  private static final Set<String> OURS =
      Set.of("currentSchema", "socketTimeout", "logServerErrorDetail");

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
      } else if (!OURS.contains(parameter.replaceFirst("=.*", ""))) {
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
