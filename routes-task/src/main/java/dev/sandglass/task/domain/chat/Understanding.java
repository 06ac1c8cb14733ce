package dev.sandglass.task.domain.chat;

import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a message. A message that neither shows nor completes tasks nor undoes, and leaves words for a title, adds a task;
 * if that is in doubt, the user is asked.
 *
 * @param understood the words that were understood; they come in the order of the message
 * @param sure false where it is not, or only in part, what was meant; a question between two meanings is sure of both
 */
public record Understanding(Intent intent, List<Span> understood, boolean sure) {
    /** Code points of a chat message; a task of more words is better written as one. */
    static final int LONGEST_MESSAGE = 2_000;

    private static final Pattern NAMING = Pattern.compile("[\\p{L}\\p{M}]{3}");

    /** Longer messages do not ask for tasks. */
    private static final int LONGEST_QUESTION = 300;

    public Understanding {
        understood =
                understood.stream().sorted(Comparator.comparing(Span::from)).toList();
    }

    Understanding(Intent intent, List<Span> understood) {
        this(intent, understood, true);
    }

    /** The same where not all is understood. */
    Understanding unsure() {
        return new Understanding(intent, understood, false);
    }

    static Understanding of(Intent intent) {
        return new Understanding(intent, List.of());
    }

    /** In English, by one who has no lists. */
    static Understanding of(String message, ZonedDateTime now) {
        return of(message, new Speaker(now, Language.ENGLISH, null, ListNames.NONE));
    }

    /** @param message what was typed, of any length */
    public static Understanding of(String message, Speaker speaker) {
        return of(message, speaker, List.of());
    }

    /** @param literal words that stay in the title, whatever else they may mean */
    public static Understanding of(String message, Speaker speaker, List<Words> literal) {
        var read = read(message, speaker, literal);
        // A choice that was offered elsewhere may be sent by itself.
        return read.intent instanceof Intent.All all
                        && all.deed() instanceof Intent.Delete
                        && all.tasks().stream().distinct().count() > 1
                ? of(new Reply(speaker).sure(all.deed(), all.tasks()))
                : read;
    }

    private static Understanding read(String message, Speaker speaker, List<Words> literal) {
        int[] text = message.codePoints().toArray();
        if (text.length > LONGEST_MESSAGE) {
            return of(new Intent.Unclear(speaker.language().say("too-much"), List.of(), null));
        }
        try {
            return new IntentParser(new Reading(text, speaker, literal), message).read();
        } catch (Speaker.ListsUnknown e) {
            return of(new Intent.KnowLists());
        }
    }

    static Understanding answer(PendingQuestion pending, String message, ZonedDateTime now) {
        return answer(pending, message, new Speaker(now, Language.ENGLISH, null, ListNames.NONE));
    }

    /** Reads what was typed after a question. A sentence that stands by itself is taken as such. */
    public static Understanding answer(PendingQuestion pending, String message, Speaker speaker) {
        var text = plain(message);
        var words = new Reading(message.codePoints().limit(LONGEST_MESSAGE).toArray(), speaker);
        var choice = choice(pending, text, words);
        boolean asks = text.endsWith("?") && (choice == null || !choice.label().equalsIgnoreCase(text));
        if (!asks && (isAll("never-mind", words) || choice != null && isNo(choice, speaker))) {
            return of(new Intent.Unclear(speaker.language().say("nothing-done"), List.of(), null));
        }
        if (!asks && choice != null) {
            // The choice was not typed, so no words of the message are marked.
            return of(read(choice.say(), speaker, List.of()).intent);
        }
        if ((choice != null || isAll("answer", words)) && !pending.choices().isEmpty()) {
            return of(new Intent.Unclear(speaker.language().say("which"), pending.choices(), pending.about()));
        }
        var alone = of(message, speaker);
        boolean standsAlone = !(alone.intent instanceof Intent.Unclear)
                && (!(alone.intent instanceof Intent.Add add) || add.due() != null);
        return pending.about() == null || standsAlone || text.isEmpty()
                ? alone
                : of(of(pending.about() + " " + text, speaker).intent);
    }

    private static boolean isNo(Choice choice, Speaker speaker) {
        return choice.say().equals(speaker.language().say("no"));
    }

    private static @Nullable Choice choice(PendingQuestion pending, String text, Reading words) {
        if (isAll("yes", words)
                && pending.choices().size() == 2
                && isNo(pending.choices().get(1), words.speaker())) {
            return pending.choices().get(0);
        }
        if (isAll("choice", words)) {
            int number =
                    (Integer) Objects.requireNonNull(words.match("choice", 0)).meaning();
            return number >= 1 && number <= pending.choices().size()
                    ? pending.choices().get(number - 1)
                    : null;
        }
        return alike(
                        pending,
                        it -> it.say().equalsIgnoreCase(text)
                                || words(it.label()).equals(words(text)))
                .or(() -> alike(pending, it -> names(it, text, words.speaker())))
                .orElse(null);
    }

    private static Optional<Choice> alike(PendingQuestion pending, Predicate<Choice> test) {
        var alike = pending.choices().stream().filter(test).toList();
        return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
    }

    /** Words of a label mean it, where one of them is no small one; what is done to several tasks needs more than a word. */
    private static boolean names(Choice choice, String text, Speaker speaker) {
        var said = words(text);
        return NAMING.matcher(said).find()
                && (" " + words(choice.label()) + " ").contains(" " + said + " ")
                && !(read(choice.say(), speaker, List.of()).intent instanceof Intent.All);
    }

    private static String words(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}]+", " ")
                .strip();
    }

    /** Tells if the whole message is one phrase of that name. */
    static boolean isAll(String name, Reading words) {
        int end = words.after(name, 0);
        return end > 0 && words.tokens().stream().skip(end).allMatch(it -> it.is(Token.Kind.MARK));
    }

    static String plain(String message) {
        return message.replaceAll("[\\p{Cc}\\p{Cs}\\s\\p{Z}]+", " ").strip();
    }

    static boolean isTooLongToAsk(int codePoints) {
        return codePoints > LONGEST_QUESTION;
    }
}
