package ai.pediscreen.telemetry.privacy;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Events that are known to hold one identifier, written in one of many ways, and ordinary events
 * that look as much like those as real ones do. The same seed gives the same events. It knows
 * nothing of how the guard works.
 */
final class LabelledSet {

  /**
   * An event with one identifier in it.
   *
   * @param kind what was planted
   * @param secret what must not be in the event any more
   */
  record Planted(String kind, String secret, TelemetryEvent event) {}

  /**
   * An event that holds nobody's identifier.
   *
   * @param kind what it holds instead
   */
  record Ordinary(String kind, TelemetryEvent event) {}

  private record Kind(String name, Supplier<Object[]> draw) {}

  private static final String[] FIRST = {
    "Emma", "Liam", "Noah", "Olivia", "Zoë", "José", "Aaliyah", "Søren", "Mary-Ann", "D'Angelo"
  };
  private static final String[] LAST = {
    "Smith", "O'Neill", "García", "Nguyen", "van den Berg", "Müller", "Lee", "Okafor"
  };
  private static final String[] DOMAINS = {
    "gmail.com", "example.org", "st-marys.health", "mail.k12.ca.us", "163.com", "klinik-köln.de"
  };
  private static final String[] SENTENCES = {
    "%s",
    "Mom wrote from %s yesterday.",
    "contact: %s, please",
    "(%s)",
    "Reached the family at %s; 2 calls, 14 min",
    "{\"note\":\"%s\"}",
    "see %s.",
    "ticket 4711 - %s - closed",
    "<%s>",
    "line one\n%s\nline three",
    "a,%s,b",
    "id=7;%s;ok",
    "Score 12 %s",
    "at 2026-03-10 %s 14 points",
    "[%s]",
    "\u201c%s\u201d\u2026",
    "col\t%s\t42",
    "12:30 %s/home",
    "https://example.com/find?q=%s&page=2"
  };
  private static final String[] KEYS = {"note", "text", "value", "prompt", "detail", "comment"};
  private static final String[] MODELS = {
    "gemini-2.5-flash@001",
    "medgemma-27b-it",
    "gpt-4o-2024-08-06",
    "claude-3-5-sonnet@20240620",
    "text-embedding-3-large",
    "llama-3.1-405b-instruct-fp8",
    "models/gemini-1.5-pro-002",
    "publishers/google/models/medgemma@1.2.3",
    "anthropic.claude-v2:1",
    "asq3-scorer:2026.03.10"
  };

  private final Random random;
  private int events;

  LabelledSet(long seed) {
    this.random = new Random(seed);
  }

  Planted planted() {
    Kind kind = one(planting());
    Object[] drawn = kind.draw().get();
    return new Planted(kind.name(), (String) drawn[0], (TelemetryEvent) drawn[1]);
  }

  Ordinary ordinary() {
    Kind kind = one(ordinaryKinds());
    Object[] drawn = kind.draw().get();
    return new Ordinary(kind.name(), (TelemetryEvent) drawn[0]);
  }

  private List<Kind> planting() {
    return List.of(
        new Kind("email", () -> inText(email())),
        new Kind("email, percent-encoded", () -> inText(email().replace("@", "%%40"))),
        new Kind("email as a key", this::emailAsKey),
        new Kind("phone, American", () -> inText(americanPhone())),
        new Kind("phone, international", () -> inText(internationalPhone())),
        new Kind("phone, bare in a sentence", this::barePhone),
        new Kind("phone under a key", this::phoneUnderKey),
        new Kind("phone after a label", this::phoneAfterLabel),
        new Kind("ssn", () -> inText(ssn(one("-", "-", "-", " ", ".", "\u2011")))),
        new Kind("ssn under a key", this::ssnUnderKey),
        new Kind("mrn after a label", this::mrnAfterLabel),
        new Kind("mrn under a key", this::mrnUnderKey),
        new Kind("birth date under a key", this::birthDateUnderKey),
        new Kind("birth date after a label", this::birthDateAfterLabel),
        new Kind("name under a key", this::nameUnderKey),
        new Kind("name of a person", this::nameOfPerson),
        new Kind("name after a label", this::nameAfterLabel),
        new Kind("address under a key", this::addressUnderKey),
        new Kind("free text", this::freeText));
  }

  private Object[] inText(String secret) {
    String text = one(SENTENCES).formatted(secret);
    String plain = secret.replace("%%", "%");
    return new Object[] {plain, event(one(KEYS), text.replace("%%", "%"))};
  }

  private String email() {
    String first = ascii(one(FIRST));
    String last = ascii(one(LAST));
    String local =
        switch (random.nextInt(6)) {
          case 0 -> first + "." + last;
          case 1 -> first.toLowerCase(Locale.ROOT) + random.nextInt(100);
          case 2 -> first.charAt(0) + last;
          case 3 -> last + "+pedi";
          case 4 -> last + "_" + (1950 + random.nextInt(60));
          default -> (first + last).toUpperCase(Locale.ROOT);
        };
    return local + "@" + one(DOMAINS);
  }

  private Object[] emailAsKey() {
    String email = email();
    return new Object[] {email, eventWith("request", Map.of(email, random.nextInt(9)))};
  }

  private String americanPhone() {
    String area = "" + (2 + random.nextInt(8)) + digits(2);
    String exchange = one("555", "" + (2 + random.nextInt(8)) + digits(2));
    String line = digits(4);
    return switch (random.nextInt(12)) {
      case 10 -> area + " " + exchange + " " + line;
      case 0 -> "(" + area + ") " + exchange + "-" + line;
      case 1 -> "(" + area + ")" + exchange + "-" + line;
      case 2 -> area + "-" + exchange + "-" + line;
      case 3 -> area + "." + exchange + "." + line;
      case 4 -> "+1 " + area + " " + exchange + " " + line;
      case 5 -> "+1" + area + exchange + line;
      case 6 -> "1-" + area + "-" + exchange + "-" + line;
      case 7 -> "+1 (" + area + ") " + exchange + "-" + line;
      case 8 -> area + "-" + exchange + "-" + line + " x" + digits(3);
      case 9 -> area + "\u2013" + exchange + "\u2013" + line;
      default -> area + "\u00a0" + exchange + "-" + line;
    };
  }

  private String internationalPhone() {
    return switch (random.nextInt(10)) {
      case 0 -> "+44 20 " + digits(4) + " " + digits(4);
      case 1 -> "+44 (0)20 " + digits(4) + " " + digits(4);
      case 2 -> "+4930" + digits(8);
      case 3 -> "+49 (30) " + digits(3) + "-" + digits(4);
      case 4 -> "+33 6 " + digits(2) + " " + digits(2) + " " + digits(2) + " " + digits(2);
      case 5 -> "+91-" + digits(5) + "-" + digits(5);
      case 6 -> "+52 1 55 " + digits(4) + " " + digits(4);
      case 7 -> "+86 1" + digits(2) + " " + digits(4) + " " + digits(4);
      case 8 -> "0044 20 " + digits(4) + " " + digits(4);
      default -> "+1." + (2 + random.nextInt(8)) + digits(9);
    };
  }

  private Object[] barePhone() {
    String phone = "" + (2 + random.nextInt(8)) + digits(2) + (2 + random.nextInt(8)) + digits(6);
    String sentence =
        one("please call %s tomorrow", "her number is %s.", "Dad (%s) did not answer");
    return new Object[] {phone, event(one(KEYS), sentence.formatted(phone))};
  }

  private Object[] phoneUnderKey() {
    String key =
        one(
            "phone",
            "phoneNumber",
            "mobile",
            "parent_phone",
            "Fax",
            "cell",
            "guardian-mobile",
            "tel");
    if (random.nextBoolean()) {
      long number = 2_000_000_000L + random.nextInt(Integer.MAX_VALUE);
      return new Object[] {Long.toString(number), event(key, number)};
    }
    String phone =
        one(digits(7), "020 " + digits(4) + " " + digits(4), digits(3) + "-" + digits(4));
    return new Object[] {phone, event(key, phone)};
  }

  private Object[] phoneAfterLabel() {
    String phone =
        one(digits(3) + "-" + digits(4), "020 " + digits(4) + " " + digits(4), digits(8));
    String label = one("phone: ", "Tel. ", "mother's cell ", "fax=", "phone number is ", "Phone #");
    return new Object[] {phone, event(one(KEYS), one("", "Parent came. ") + label + phone)};
  }

  private String ssn(String gap) {
    String area = "%03d".formatted(1 + random.nextInt(665));
    String group = "%02d".formatted(1 + random.nextInt(99));
    return area + gap + group + gap + "%04d".formatted(1 + random.nextInt(9_999));
  }

  private Object[] ssnUnderKey() {
    String key = one("ssn", "SSN", "social_security_number", "childSsn", "patient_ssn");
    if (random.nextBoolean()) {
      long number = 100_000_000L + random.nextInt(800_000_000);
      return new Object[] {Long.toString(number), event(key, number)};
    }
    String ssn = ssn(one("", "-", " "));
    return new Object[] {ssn, event(key, ssn)};
  }

  private Object[] mrnAfterLabel() {
    String mrn =
        one(digits(6), digits(8), "AB" + digits(6), "00" + digits(7), digits(3) + "-" + digits(4));
    String label =
        one(
            "MRN: ",
            "MRN ",
            "mrn=",
            "MRN#",
            "MRN-",
            "Mrn No. ",
            "medical record number ",
            "Medical Record #",
            "\"mrn\": \"",
            "medical record number is ",
            "MRN: #");
    return new Object[] {
      mrn, event(one(KEYS), one("", "Seen today, ") + label + mrn + one("", ", ok"))
    };
  }

  private Object[] mrnUnderKey() {
    String mrn = one(digits(7), "M-" + digits(6), "AB" + digits(6));
    String key =
        one("mrn", "MRN", "medical_record_number", "patientMrn", "medicalRecordNo", "patient_id");
    return new Object[] {mrn, event(key, mrn)};
  }

  private String birthDate() {
    LocalDate date = LocalDate.of(2010, 1, 1).plusDays(random.nextInt(5_800));
    String form =
        one(
            "yyyy-MM-dd",
            "MM/dd/yyyy",
            "M/d/yy",
            "dd.MM.yyyy",
            "d MMMM yyyy",
            "MMM d, yyyy",
            "MMMM d yyyy",
            "yyyyMMdd",
            "yyyy/MM/dd");
    return date.format(DateTimeFormatter.ofPattern(form, Locale.ENGLISH));
  }

  private Object[] birthDateUnderKey() {
    String date = birthDate();
    String key =
        one(
            "dob",
            "DOB",
            "birth_date",
            "dateOfBirth",
            "date_of_birth",
            "birthdate",
            "child_dob",
            "patientBirthDate",
            "birthday");
    return new Object[] {date, event(key, date)};
  }

  private Object[] birthDateAfterLabel() {
    String date = birthDate();
    String label =
        one(
            "DOB: ",
            "dob=",
            "DOB ",
            "Date of birth: ",
            "date of birth is ",
            "born ",
            "born on ",
            "birthdate: ",
            "\"birth_date\":\"");
    return new Object[] {
      date, event(one(KEYS), one("", "Girl, ") + label + date + one("", ".", " ok"))
    };
  }

  private Object[] nameUnderKey() {
    String key =
        one(
            "first_name",
            "lastName",
            "patient_name",
            "childName",
            "full_name",
            "Given-Name",
            "guardian_name",
            "mothersName",
            "surname",
            "family_name",
            "parentFirstName");
    String name = one(one(FIRST), one(FIRST) + " " + one(LAST), one(LAST).toLowerCase(Locale.ROOT));
    return new Object[] {name, event(key, name)};
  }

  private Object[] nameOfPerson() {
    String name = one(FIRST) + " " + one(LAST);
    Object person =
        switch (random.nextInt(4)) {
          case 0 -> Map.of("name", name);
          case 1 -> Map.of("name", List.of(Map.of("text", name)));
          case 2 -> List.of(Map.of("age_months", 24, "name", name));
          default -> Map.of("profile", Map.of("first", name));
        };
    return new Object[] {
      name, event(one("patient", "child", "mother", "guardian", "children"), person)
    };
  }

  private Object[] nameAfterLabel() {
    String name = one(FIRST) + " " + one(LAST);
    String label =
        one("patient name: ", "first_name=", "{\"childName\":\"", "Child's name: ", "last name: ");
    return new Object[] {name, event(one(KEYS), one("", "Visit 3; ") + label + name)};
  }

  private Object[] addressUnderKey() {
    String street = (1 + random.nextInt(9_999)) + " " + one(LAST) + " " + one("St", "Avenue", "Rd");
    Object value = random.nextBoolean() ? street : Map.of("line1", street, "country", "US");
    return new Object[] {
      street,
      event(one("address", "homeAddress", "street", "patient_address", "mailing_address"), value)
    };
  }

  private Object[] freeText() {
    String name = one(FIRST) + " " + one(LAST);
    String text = "The child, " + name + ", was seen with both parents. ";
    String filler =
        "She stacks blocks and says a few words to her sister. ".repeat(9 + random.nextInt(9));
    return new Object[] {
      name, eventWith(one("request", "response"), Map.of(one(KEYS), text + filler))
    };
  }

  private List<Kind> ordinaryKinds() {
    return List.of(
        ordinary("UUID", this::uuid),
        ordinary(
            "UUID of digits",
            () ->
                digits(8) + "-" + digits(4) + "-" + digits(4) + "-" + digits(4) + "-" + digits(12)),
        ordinary("hexadecimal id", () -> hex(one(4, 8, 16, 20, 32))),
        ordinary("traceparent", () -> "00-" + hex(16) + "-" + hex(8) + "-01"),
        ordinary("Unix seconds", () -> Long.toString(1_500_000_000L + random.nextInt(499_999_999))),
        ordinary(
            "Unix milliseconds", () -> (1_500_000_000L + random.nextInt(499_999_999)) + digits(3)),
        ordinary("ISO timestamp", this::timestamp),
        ordinary("date", () -> timestamp().substring(0, 10)),
        ordinary("digits", () -> digits(one(1, 3, 5, 6, 8, 9, 9, 9, 10, 10, 12, 13, 16, 19))),
        ordinary(
            "id with digits",
            () ->
                one("req-", "job_", "evt", "case-", "order-", "s/", "run.")
                    + digits(one(6, 9, 10, 11))),
        ordinary(
            "phone-like id",
            () ->
                one(
                    "req-5551234567",
                    "job-415-555-" + digits(4),
                    "a4155552671",
                    "id_415-555-2671")),
        ordinary("model", () -> one(MODELS)),
        ordinary(
            "version",
            () ->
                one(
                    "v2026.03.10",
                    "1.2.3",
                    "1.2.3-beta.rc",
                    "v10.20.300+20260310",
                    "2.0.0-alpha.1",
                    "17.0.15+6",
                    "1.25.0.20260310")),
        ordinary(
            "app",
            () ->
                one(
                    "mobile-2026.03.10",
                    "pediscreen-web@4.11.2",
                    "mobile-20260310",
                    "@pedi/screen@1.2.3-rc.1",
                    "pedi_ios/17.4.1 (build 20260310)")),
        ordinary("address of a machine", () -> octets() + one("", ":8080", "/24")),
        ordinary("IPv6", () -> "2001:db8::" + hex(2) + ":" + hex(2)),
        ordinary("hash", () -> "sha256:" + hex(32)),
        ordinary("image", () -> "gcr.io/pedi/screen@sha256:" + hex(32)),
        ordinary(
            "base64", () -> Base64.getEncoder().encodeToString(bytes(18 + random.nextInt(40)))),
        ordinary(
            "URI",
            () ->
                one(
                    "s3://bucket/2026/03/10/part-" + digits(5) + ".json",
                    "gs://screens-4155552671/x",
                    "https://api.example.com/v1/models/3?page=2&limit=100",
                    "https://medium.com/@pedi/4",
                    "arn:aws:s3:us-east-1:" + digits(12) + ":x")),
        ordinary(
            "numbers",
            () ->
                IntStream.range(0, one(1, 2, 4, 5, 7, 20))
                    .mapToObj(i -> digits(one(1, 2, 3, 4)))
                    .collect(Collectors.joining(one(" ", ", ", ";")))),
        ordinary(
            "decimal",
            () -> one("", "-", "+") + random.nextInt(10_000) + "." + digits(one(2, 6, 9))),
        ordinary(
            "measure",
            () ->
                one(
                    "p95=" + digits(4) + "ms p99=" + digits(4) + "ms",
                    digits(6) + " tokens in " + digits(4) + " ms",
                    "retry 3 of 5 after 30000 ms",
                    "1024x768",
                    "[0.12, 0.98, 0.0001]",
                    "00:12:34.567")),
        ordinary(
            "error",
            () ->
                one(
                    "TIMEOUT",
                    "http_503",
                    "quota exceeded for project " + digits(12),
                    "E" + digits(5) + ": model is overloaded",
                    "patient_name: field required",
                    "field first_name=None",
                    "upstream 10.0.0.1:443 reset after 30000ms",
                    "ORA-12154",
                    "deadline 2026-03-10T12:00:00Z passed by 1500 ms",
                    "IP address: " + octets(),
                    "error 0x8007000e at 0x7fff5fbff8c0")),
        ordinary(
            "sentence",
            () ->
                one(
                    "The child stacks 6 blocks and says 20 words at 24 months.",
                    "Score 45 of 60, cutoff 38.5, age 18 months",
                    "born at 36 weeks, 2750 g",
                    "see page 12, table 3-2",
                    "email was not given",
                    "asked for phone and address",
                    "ratio 3:2, see section 4.1.2")),
        ordinary(
            "flag",
            () -> one("mobile", "phone", "email", "name", "true", "dob", "address", "parent")),
        ordinary(
            "user agent",
            () ->
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0."
                    + digits(4)
                    + ".118"),
        ordinary("region", () -> one("us-east1", "europe-west3-a", "us-gov-west-1", "asia-south1")),
        ordinary("cron", () -> one("*/5 0 1 1 *", "10 0 * * 1-5")),
        new Kind("number", () -> new Object[] {event(one(KEYS), random.nextLong())}),
        new Kind("ordinary keys", () -> new Object[] {ordinaryKeys()}));
  }

  private Kind ordinary(String name, Supplier<String> text) {
    return new Kind(name, () -> new Object[] {event(one(KEYS), text.get())});
  }

  private TelemetryEvent ordinaryKeys() {
    return event(
        one(
            "model_name",
            "ip_address",
            "user_name",
            "file_name",
            "birth_weight_grams",
            "state",
            "email_sent",
            "phone_model",
            "address_count",
            "case_id",
            "parent_span_id",
            "name",
            "host_name",
            "telemetry",
            "cellular",
            "patient_age_months",
            "child_process",
            "mrna",
            "emailed_at",
            "display_name",
            "event_name",
            "street_view"),
        one(digits(6), "medgemma", octets(), "Cutoff Met"));
  }

  private String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private String timestamp() {
    Instant at =
        Instant.ofEpochSecond(
            1_600_000_000L + random.nextInt(300_000_000), random.nextInt(999_999_999));
    String iso = at.toString();
    return one(iso, iso.replace('T', ' '), iso.replace("Z", "+05:30"), iso.replace("Z", "-0800"));
  }

  private String octets() {
    return random.nextInt(256)
        + "."
        + random.nextInt(256)
        + "."
        + random.nextInt(256)
        + "."
        + random.nextInt(256);
  }

  /** The value under the key, somewhere in an event. */
  private TelemetryEvent event(String key, Object value) {
    return switch (random.nextInt(6)) {
      case 0 -> eventWith("request", Map.of(key, value));
      case 1 -> eventWith("response", Map.of("output", List.of(Map.of(key, value))));
      case 2 -> eventWith("model", Map.of(key, value));
      case 3 ->
          eventWith("request", Map.of("input", Map.of("deep", List.of(1, Map.of(key, value)))));
      case 4 -> eventWith(key, value);
      default -> {
        boolean fits = value instanceof String text && text.length() <= 128 && isPlain(key);
        yield eventWith(fits ? one("app", "region", "agent", "trace_id") : key, value);
      }
    };
  }

  /** Whether the value would be as telling under another key. */
  private static boolean isPlain(String key) {
    return List.of(KEYS).contains(key);
  }

  private TelemetryEvent eventWith(String field, Object value) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event_id", "e-" + events++);
    event.put("timestamp", "2026-03-10T12:00:00Z");
    event.put("org_id", "clinic-7");
    event.put(field, value);
    return TelemetryEvent.fromMap(event);
  }

  private String digits(int count) {
    return random.ints(count, 0, 10).mapToObj(Integer::toString).collect(Collectors.joining());
  }

  private String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String ascii(String name) {
    return name.replaceAll("[^A-Za-z]", "");
  }

  @SafeVarargs
  private final <T> T one(T... values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
