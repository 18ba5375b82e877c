package ai.pediscreen.telemetry.server.archive;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import org.jspecify.annotations.Nullable;

/**
 * A row of a CSV file (RFC 4180). Text that a spreadsheet would take for a formula begins with an
 * apostrophe. Not safe for use by several threads.
 */
public final class CsvRow {

  /** The media type of a file whose first row is a header. */
  public static final String CONTENT_TYPE = "text/csv; charset=utf-8; header=present";

  /** What makes a spreadsheet compute a cell, the full-width forms too. */
  private static final String FORMULA_BEGINNINGS = "=+-@\uff1d\uff0b\uff0d\uff20";

  /** At its beginning they make some spreadsheets compute a cell, or end it. */
  private static final String CONTROLS = "\t\r\n";

  private final StringBuilder row = new StringBuilder(256);

  /**
   * Begins a row.
   *
   * @param first the first cell: a number, a time, a date, or a fixed word
   */
  public CsvRow(Object first) {
    row.append(first);
  }

  /** Adds a number, a boolean, a time, or a fixed word; null for an empty cell. */
  public CsvRow value(@Nullable Object value) {
    row.append(',');
    if (value != null) {
      row.append(value);
    }
    return this;
  }

  /** Adds any text; null for an empty cell. */
  public CsvRow text(@Nullable String text) {
    row.append(',');
    if (text == null || text.isEmpty()) {
      return this;
    }
    String cell = isFormula(text) ? "'" + text : text;
    if (cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
      row.append(cell);
    } else {
      row.append('"').append(cell.replace("\"", "\"\"")).append('"');
    }
    return this;
  }

  /** The row with its end. */
  public String line() {
    return row + "\r\n";
  }

  /** Blanks and invisible characters before a formula are passed over, as spreadsheets do. */
  private static boolean isFormula(String text) {
    String visible = TelemetryEvent.trimmedId(text);
    return CONTROLS.indexOf(text.charAt(0)) >= 0
        || (!visible.isEmpty() && FORMULA_BEGINNINGS.indexOf(visible.charAt(0)) >= 0);
  }
}
