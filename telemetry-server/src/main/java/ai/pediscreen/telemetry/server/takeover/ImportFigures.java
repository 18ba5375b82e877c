package ai.pediscreen.telemetry.server.takeover;

/**
 * How far an import is. Immutable.
 *
 * @param read events that were found in the source: the sum of the others, once all is done
 * @param stored events that are new
 * @param known events that were there before
 * @param refused events that the rules or the database refuse
 */
public record ImportFigures(long read, long stored, long known, long refused) {

  static final ImportFigures NONE = new ImportFigures(0, 0, 0, 0);

  ImportFigures plus(ImportFigures other) {
    return new ImportFigures(
        read + other.read, stored + other.stored, known + other.known, refused + other.refused);
  }
}
