package dev.sandglass.task.domain.chat;

import java.time.DayOfWeek;
import java.time.ZonedDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The person whose words these are.
 *
 * @param now in their zone
 * @param locale in which they speak: {@code de}, {@code de-AT}; English where there is no file of its language
 * @param weekStart null: Monday, and on a Sunday this week is the one that ends and the one that begins
 * @param lists null: not asked for yet
 */
public record Speaker(
        ZonedDateTime now,
        String locale,
        @Nullable DayOfWeek weekStart,
        @Nullable ListNames lists) {
    /** A sentence that may name a list, of one whose lists are not known. */
    @SuppressWarnings("serial") // never leaves this package
    static final class ListsUnknown extends RuntimeException {
        ListsUnknown() {
            super("lists", null, false, false);
        }
    }

    /** Tells if there is a file of their language; else they are taken to speak English. */
    public boolean isUnderstood() {
        return Language.isSpokenIn(locale);
    }

    /** Tells if they name themselves by a word: “me”. */
    public boolean means(String word) {
        return language().value("myself", word.toLowerCase(Locale.ROOT)) != null;
    }

    Language language() {
        return Language.spokenIn(locale);
    }

    /** @throws ListsUnknown where they have to be asked for */
    ListNames knownLists() {
        if (lists == null) {
            throw new ListsUnknown();
        }
        return lists;
    }

    public Speaker knowing(ListNames theirs) {
        return new Speaker(now, locale, weekStart, theirs);
    }
}
