package ai.pediscreen.telemetry.server.http.ingest;

/**
 * What a JSON document costs in memory once it is decoded, told from its tokens before it is: two
 * characters ({@code {}}) become a map, and a document of them sixty times its size.
 */
public final class DecodedSize {

  /** No document costs more than so many times its size; one of empty objects alone does. */
  static final int MAX_TIMES = 65;

  /** What one event may cost while it is decoded. */
  public static final long MAX_OF_EVENT = (long) MAX_TIMES * EventDecoder.MAX_EVENT_BYTES;

  /** A map with room for some entries. */
  private static final int OBJECT_BYTES = 136;

  private static final int ARRAY_BYTES = 56;

  /** An entry of a map, and its key. */
  private static final int ENTRY_BYTES = 96;

  private static final int VALUE_BYTES = 48;

  /** Texts as they are, as decoded, and as they are sent to the store. */
  private static final int BYTES_OF_A_BYTE = 3;

  private DecodedSize() {}

  /**
   * An estimate that is rather too large.
   *
   * @param document where the document is, well-formed or not
   */
  public static long of(byte[] body, EventDocuments.Span document) {
    long bytes = (long) BYTES_OF_A_BYTE * document.length() + VALUE_BYTES;
    boolean inString = false;
    for (int i = document.from(); i < document.to(); i++) {
      byte b = body[i];
      if (inString) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          inString = false;
        }
      } else {
        switch (b) {
          case '"' -> inString = true;
          case '{' -> bytes += OBJECT_BYTES;
          case '[' -> bytes += ARRAY_BYTES;
          case ':' -> bytes += ENTRY_BYTES;
          case ',' -> bytes += VALUE_BYTES;
          default -> {}
        }
      }
    }
    // Of what is no JSON, nothing larger is made.
    return Math.min(bytes, (long) MAX_TIMES * document.length() + VALUE_BYTES);
  }
}
