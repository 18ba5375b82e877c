package ai.pediscreen.telemetry.server.otlp.wire;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two forms in which OTLP comes over HTTP. */
public enum OtlpEncoding {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  private final String contentType;

  OtlpEncoding(String contentType) {
    this.contentType = contentType;
  }

  /** What a request and its answer are called. */
  public String contentType() {
    return contentType;
  }

  /** The form that a {@code Content-Type} names, whatever its parameters; empty for any other. */
  public static Optional<OtlpEncoding> of(@Nullable String contentType) {
    if (contentType == null) {
      return Optional.empty();
    }
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "application/x-protobuf", "application/protobuf" -> Optional.of(PROTOBUF);
      case "application/json" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }
}
