package ai.pediscreen.telemetry.privacy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What keys and labels say about the value that follows them. */
final class PhiKeys {

  /** Longer ones mean nothing to us. */
  private static final int MAX_LENGTH = 64;

  /**
   * What each letter adds to the hash of a word, drawn once. Capitals add what small letters do,
   * and what is no letter of English nothing, as keys and labels are compared without it. A sum, so
   * that a word may be read from either end.
   */
  private static final int[] WEIGHTS = new int[128];

  static {
    SplittableRandom random = new SplittableRandom(1);
    for (char c = 'a'; c <= 'z'; c++) {
      WEIGHTS[c] = random.nextInt();
      WEIGHTS[Character.toUpperCase(c)] = WEIGHTS[c];
    }
  }

  /** What a key says of its value. */
  enum Meaning {
    EMAIL(PhiRule.EMAIL),
    PHONE(PhiRule.PHONE),
    SSN(PhiRule.SSN),
    MRN(PhiRule.MRN),
    BIRTH_DATE(PhiRule.BIRTH_DATE),
    NAME(PhiRule.NAME),
    ADDRESS(PhiRule.ADDRESS),
    /** It is about a person, whose name may be called just {@code name}. */
    PERSON(null),
    USER_ID(null),
    CASE_ID(null);

    private final @Nullable PhiRule rule;

    Meaning(@Nullable PhiRule rule) {
      this.rule = rule;
    }

    @Nullable PhiRule rule() {
      return rule;
    }
  }

  private static final List<String> PERSONS =
      words(
          "patient child kid baby infant toddler newborn mother father mom mum dad parent guardian"
              + " caregiver caretaker sibling brother sister student pupil person contact"
              + " emergencycontact nextofkin physician doctor clinician");

  private static final List<String> PERSONS_TOGETHER =
      words("patients children kids babies parents guardians caregivers siblings contacts");

  /** The hyphens only show where a new word may begin. */
  private static final Map<Meaning, List<String>> ANYWHERE =
      Map.of(
          Meaning.EMAIL,
          words("email mail email-address mail-address email-id user-email reply-to"),
          Meaning.PHONE,
          words(
              "phone phone-number phone-no tel telephone tele-phone telephone-number telephone-no"
                  + " mobile mobile-phone mobile-number mobile-no cell cell-phone cell-number"
                  + " home-phone work-phone day-phone office-phone fax fax-number fax-no"
                  + " contact-number callback-number whatsapp msisdn"),
          Meaning.SSN,
          words(
              "ssn ss-number social-security social-security-number social-security-no"
                  + " social-security-num itin tax-id taxpayer-id"),
          Meaning.MRN,
          words(
              "mrn mr-number medical-record medical-record-number medical-record-no"
                  + " medical-record-num medical-record-id med-rec med-rec-no med-rec-number"
                  + " patient-id patient-no patient-number patient-identifier chart-number chart-no"
                  + " hospital-number hospital-no nhs-number nhs-no"),
          Meaning.BIRTH_DATE,
          words(
              "dob date-of-birth birth-date birth-day birth-dt date-born born born-on"
                  + " birth-date-time"),
          Meaning.NAME,
          words(
              "first-name last-name middle-name full-name given-name family-name sur-name fore-name"
                  + " maiden-name nick-name preferred-name legal-name middle-initial f-name"
                  + " l-name"),
          Meaning.ADDRESS,
          words(
              "address addr address-line home-address street-address street street-name"
                  + " mailing-address postal-address residential-address residence zip zip-code"
                  + " postcode post-code postal-code city county"),
          Meaning.USER_ID,
          words("user-id"),
          Meaning.CASE_ID,
          words("case-id"));

  private static final Map<Meaning, List<String>> OF_PERSONS =
      Map.of(
          Meaning.NAME,
          words("name names first last middle given family initials"),
          Meaning.MRN,
          words("record-number record-no"));

  /** Words that may stand between a label and its number; months too. */
  private static final Words FILLERS =
      Words.of(
          words(
              "is was are no nr num number the of on at id jan january feb february mar march apr"
                  + " april may jun june jul july aug august sep sept september oct october nov"
                  + " november dec december"));

  /** Keys that a finding's path may show, beside those of the tables and the contract's. */
  private static final Set<String> COMMON =
      Set.copyOf(
          words(
              "answer body children choices comment comments content context data description"
                  + " details error errors headers history input inputs instructions item items"
                  + " label labels message messages meta metadata note notes output outputs"
                  + " parameters parts payload prompt properties query question questions reason"
                  + " result results role summary tags text title tool tools transcript url user"
                  + " value values"));

  private static final Map<String, Meaning> TABLE = new HashMap<>();
  private static final Map<String, Meaning> TABLE_OF_PERSONS = new HashMap<>();

  /** All keys of the tables. */
  private static final Words KEYS = new Words();

  /** All words that a label of the tables may end with. */
  private static final Words LAST_WORDS = new Words();

  static {
    add(ANYWHERE, TABLE);
    add(OF_PERSONS, TABLE_OF_PERSONS);
    Map<String, Meaning> all = new HashMap<>(TABLE);
    all.putAll(TABLE_OF_PERSONS);
    all.values().removeAll(Set.of(Meaning.USER_ID, Meaning.CASE_ID));
    for (String person : PERSONS) {
      all.forEach(
          (key, meaning) -> {
            TABLE.putIfAbsent(person + key, meaning);
            TABLE.putIfAbsent(person + "s" + key, meaning);
          });
      TABLE.putIfAbsent(person, Meaning.PERSON);
    }
    PERSONS_TOGETHER.forEach(persons -> TABLE.put(persons, Meaning.PERSON));
    TABLE.keySet().forEach(KEYS::add);
    TABLE_OF_PERSONS.keySet().forEach(KEYS::add);
    TABLE.forEach(
        (key, meaning) -> {
          if (meaning.rule() != null) {
            LAST_WORDS.add(key);
          }
        });
  }

  private static void add(Map<Meaning, List<String>> keys, Map<String, Meaning> table) {
    keys.forEach(
        (meaning, list) -> {
          for (String key : list) {
            table.put(letters(key), meaning);
            for (int i = key.length(); i >= 0; i = key.lastIndexOf('-', i - 1)) {
              LAST_WORDS.add(letters(key.substring(i == key.length() ? 0 : i)));
            }
          }
        });
  }

  /** The letters of the last words of labels, without those that hold all of another's. */
  private static final int[] LABEL_LETTERS = LAST_WORDS.fewestLetters();

  private PhiKeys() {}

  /**
   * What a key means, or null.
   *
   * @param ofPerson whether it stands somewhere below a key that names a person
   */
  static @Nullable Meaning meaning(String key, boolean ofPerson) {
    return meaning(key, 0, key.length(), ofPerson);
  }

  /** What part of a text means, taken as a key. */
  static @Nullable Meaning meaning(String text, int from, int to, boolean ofPerson) {
    return to - from > MAX_LENGTH || !KEYS.mayHold(hash(text, from, to))
        ? null
        : ofLetters(letters(text, from, to), ofPerson);
  }

  /**
   * Whether a key has small letters and underscores alone and says nothing, as most are: then there
   * is nothing to find in it.
   */
  static boolean isPlain(String key) {
    int hash = 0;
    int length = key.length();
    for (int i = 0; i < length; i++) {
      char c = key.charAt(i);
      if (c >= 'a' && c <= 'z') {
        hash += WEIGHTS[c];
      } else if (c != '_') {
        return false;
      }
    }
    return length <= MAX_LENGTH && !KEYS.mayHold(hash);
  }

  private static @Nullable Meaning ofLetters(String key, boolean ofPerson) {
    Meaning meaning = ofPerson ? TABLE_OF_PERSONS.get(key) : null;
    return meaning == null ? TABLE.get(key) : meaning;
  }

  /**
   * Whether a text of these letters can hold the last word of a label; false is certain.
   *
   * @param seen as {@link QuickScan#letters} says it, with any other bits
   */
  static boolean maySpellLabel(int seen) {
    for (int letters : LABEL_LETTERS) {
      if ((letters & ~seen) == 0) {
        return true;
      }
    }
    return false;
  }

  /** What a letter adds to the hash of the word that it is part of. */
  static int weight(char c) {
    return c < 128 ? WEIGHTS[c] : 0;
  }

  /** Whether a word may be one that is looked for before a number; false is certain. */
  static boolean mayStandBeforeNumber(int hash) {
    return LAST_WORDS.mayHold(hash) || FILLERS.mayHold(hash);
  }

  /** Whether a word may be the last one of a label; false is certain. */
  static boolean mayEndLabel(int hash) {
    return LAST_WORDS.mayHold(hash);
  }

  /** Whether a label may end with this part of a text. */
  static boolean endsLabel(String text, int from, int to) {
    return LAST_WORDS.holds(letters(text, from, to));
  }

  /** Whether part of a text is a word that may stand between a label and its value. */
  static boolean isFiller(String text, int from, int to) {
    return FILLERS.holds(letters(text, from, to));
  }

  /** A key as a path may show it: a word that any program might use, else a star. */
  static String shown(String key) {
    if (key.length() > MAX_LENGTH) {
      return "*";
    }
    if (COMMON.contains(key)) {
      return key;
    }
    if (meaning(key, true) == null) {
      return "*";
    }
    // Its letters are known words, but digits between them may identify a person.
    return key.chars().allMatch(c -> letter((char) c) != 0 || c == '_') ? key : letters(key);
  }

  private static String letters(String key) {
    return letters(key, 0, key.length());
  }

  private static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash += weight(text.charAt(i));
    }
    return hash;
  }

  private static String letters(String text, int from, int to) {
    StringBuilder letters = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      int c = letter(text.charAt(i));
      if (c != 0) {
        letters.append((char) c);
      }
    }
    return letters.toString();
  }

  /** The small letter; 0 for anything else, but other scripts as they are. */
  private static int letter(char c) {
    if (c >= 'a' && c <= 'z') {
      return c;
    }
    if (c >= 'A' && c <= 'Z') {
      return c + ('a' - 'A');
    }
    return c < 128 ? 0 : c;
  }

  private static List<String> words(String words) {
    return List.of(words.split(" "));
  }

  /** Words that can be looked up by their hash first, which costs no memory for most others. */
  private static final class Words {

    private static final int INDEX_BITS = 11;

    private final long[] hashes = new long[1 << INDEX_BITS];
    private final Set<String> all = new HashSet<>();

    static Words of(List<String> words) {
      Words all = new Words();
      words.forEach(all::add);
      return all;
    }

    void add(String word) {
      int hash = hash(word, 0, word.length());
      hashes[index(hash)] |= bits(hash);
      all.add(word);
    }

    boolean mayHold(int hash) {
      long bits = bits(hash);
      return (hashes[index(hash)] & bits) == bits;
    }

    boolean holds(String word) {
      return all.contains(word);
    }

    int[] fewestLetters() {
      int[] letters = all.stream().mapToInt(QuickScan::letters).distinct().toArray();
      return Arrays.stream(letters)
          .filter(a -> Arrays.stream(letters).noneMatch(b -> b != a && (b & ~a) == 0))
          .toArray();
    }

    private static int index(int hash) {
      return hash >>> (Integer.SIZE - INDEX_BITS);
    }

    /** Two bits of 64, by the twelve lowest of the hash. */
    private static long bits(int hash) {
      return 1L << hash | 1L << (hash >>> 6);
    }
  }
}
