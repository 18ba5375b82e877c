package ai.pediscreen.telemetry.privacy;

/**
 * What a {@link PhiGuard} looks for. The form decides, or the key that a value stands under, or a
 * label before it in a text ({@code MRN: 0012345}, {@code dob=2019-04-12}). Keys and labels are in
 * English and are compared without case, digits, underscores, dots, hyphens and spaces, so that
 * {@code first_name}, {@code firstName} and {@code First-Name} are one; each may also begin with
 * whom it is about ({@code patient_}, {@code child_}, {@code mothers_}, …). Under a key that names
 * such a person {@code name}, {@code first} and the like are enough. What stands under a key is
 * taken with all that it holds, but for true, false and null.
 *
 * <p>Forms are also found within longer texts and in what was percent-encoded once. Digits of other
 * scripts, typographic hyphens and spaces count as the plain ones. A digit that touches a letter
 * belongs to a name and not to a number: {@code req-4155552671} is no telephone number.
 */
public enum PhiRule {
  /**
   * {@code local@domain.tld} with a top-level domain of letters, so neither {@code flash@001} nor
   * {@code package@1.2.3}; and any text under {@code email} and the like.
   */
  EMAIL("email", "an e-mail address"),

  /**
   * Three, three and four digits with {@code -}, {@code .}, a space or brackets between, the first
   * not 0 or 1, with or without {@code 1} or {@code +1} before (with spaces alone only if no
   * further number follows or precedes); {@code +} and 8 to 15 digits in any groups; {@code 00} and
   * 8 to 15 digits in at least three groups. Ten digits on end are a telephone number within a
   * sentence (if the American plan has such numbers) and an id where they are all there is. Under
   * {@code phone}, {@code fax}, {@code mobile}, … and after such labels: anything with 7 digits, as
   * text or as a number.
   */
  PHONE("phone", "a phone number"),

  /**
   * Three, two and four digits with hyphens between; with dots if the number can have been issued;
   * with spaces if besides no further number follows or precedes. Under {@code ssn} and the like
   * and after such labels: anything with 4 digits.
   */
  SSN("ssn", "a US social security number"),

  /**
   * Whatever stands under {@code mrn}, {@code medical_record_number}, {@code patient_id}, …, and at
   * least 4 digits, with letters before or not, after such labels: {@code MRN 0012345}, {@code
   * MRN#AB12345}.
   */
  MRN("mrn", "a medical record number"),

  /**
   * Whatever stands under {@code dob}, {@code birth_date}, {@code date_of_birth}, …, and a date in
   * digits or with the month's name after such labels. A year alone is none.
   */
  BIRTH_DATE("birth_date", "a date of birth"),

  /**
   * Whatever text stands under {@code first_name}, {@code patient_name}, …; two or more capitalised
   * words under {@code patient} and the like; a text after such a label and {@code =}, or after a
   * label and {@code :} if it is in quotes or capitalised. Not {@code name} by itself, which models
   * have too.
   */
  NAME("name", "a person's name"),

  /**
   * Whatever stands under {@code address}, {@code street}, {@code zip}, {@code city}, …, and a
   * house number with a street after such labels. Not {@code ip_address} and its kind.
   */
  ADDRESS("address", "a postal address"),

  /** Any text of over 512 characters in {@code request} or {@code response}: there names hide. */
  FREE_TEXT("free_text", "free text of over 512 characters");

  private final String label;
  private final String description;
  private final String marker;

  PhiRule(String label, String description) {
    this.label = label;
    this.description = description;
    this.marker = "[redacted:" + label + "]";
  }

  /** The rule's name in markers, figures and answers: {@code birth_date}. */
  public String label() {
    return label;
  }

  /** What stands in the place of a value that was found: {@code [redacted:birth_date]}. */
  public String marker() {
    return marker;
  }

  /** What a field that was refused must be, in a sentence without its subject. */
  String fault() {
    return "must not hold what looks like " + description + " (" + label + ")";
  }
}
