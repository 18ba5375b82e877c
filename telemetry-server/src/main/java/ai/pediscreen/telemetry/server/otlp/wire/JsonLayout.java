package ai.pediscreen.telemetry.server.otlp.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the records in a request that is JSON. Members may come in any order. */
final class JsonLayout {

  private static final String RESOURCE = "resource";

  private final OtlpSignal signal;
  private final JsonParser parser;
  private final byte[] bytes;
  private final List<OtlpBody.Group> groups = new ArrayList<>();

  private JsonLayout(OtlpSignal signal, JsonParser parser, byte[] bytes) {
    this.signal = signal;
    this.parser = parser;
    this.bytes = bytes;
  }

  static List<OtlpBody.Group> groups(OtlpSignal signal, byte[] bytes, int length)
      throws UnreadableOtlpException {
    try (JsonParser parser = JsonMessages.parser(bytes, 0, length)) {
      JsonLayout layout = new JsonLayout(signal, parser, bytes);
      parser.nextToken();
      layout.object(name -> layout.array(name, signal.groupsName(), layout::group));
      if (parser.nextToken() != null) {
        throw unreadable();
      }
      return layout.groups;
    } catch (IOException e) {
      // The parser's message would quote the body.
      throw unreadable();
    }
  }

  private void group() throws IOException, UnreadableOtlpException {
    Resource.Builder resource = Resource.newBuilder();
    ByteRanges records = new ByteRanges();
    object(
        name -> {
          if (name.equals(RESOURCE)) {
            Place place = place();
            JsonMessages.merge(bytes, place.from(), place.length(), resource);
          } else {
            array(name, signal.scopesName(), () -> scope(records));
          }
        });
    groups.add(new OtlpBody.Group(resource.build(), records));
  }

  private void scope(ByteRanges records) throws IOException, UnreadableOtlpException {
    object(
        name ->
            array(
                name,
                signal.recordsName(),
                () -> {
                  Place place = place();
                  records.add(place.from(), place.length());
                }));
  }

  /** Goes through the object that begins here; null is an empty one. */
  private void object(Member member) throws IOException, UnreadableOtlpException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw unreadable();
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      member.value(name);
    }
  }

  /** Goes through the array that begins here, if it is the wanted member; else passes over it. */
  private void array(String name, String wanted, Element element)
      throws IOException, UnreadableOtlpException {
    if (!name.equals(wanted) || parser.currentToken() == JsonToken.VALUE_NULL) {
      parser.skipChildren();
      return;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw unreadable();
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element.value();
    }
  }

  /** Where the value is that begins here, and passes over it. */
  private Place place() throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    // A text is read to its end only if it is needed.
    parser.finishToken();
    return new Place(from, (int) parser.currentLocation().getByteOffset() - from);
  }

  private static UnreadableOtlpException unreadable() {
    return new UnreadableOtlpException("the body must be one OTLP document in JSON, in UTF-8");
  }

  private record Place(int from, int length) {}

  private interface Member {
    void value(String name) throws IOException, UnreadableOtlpException;
  }

  private interface Element {
    void value() throws IOException, UnreadableOtlpException;
  }
}
