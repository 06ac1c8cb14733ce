package dev.sandglass.task.domain.chat;

import java.util.stream.Stream;

/**
 * A phrase in a message.
 *
 * @param manner how sure it is by itself
 * @param meaning its meaning
 * @param first its first token
 * @param end token after its last
 */
record Phrase(Manner manner, Meaning meaning, int first, int end) {

    /** The sections of a language's file that say how sure a phrase is, in the order in which equals win. */
    enum Manner {
        NAG,
        ASK,
        REPEAT,
        REMIND,
        LEAD,
        UNTIL,
        START,
        TIMES,
        SURE,
        GUARDED,
        VAGUE,
        FREE,
        BARE,
        ADVERB,
        WEAK,
        DOUBTFUL_REPEAT,
        DOUBT,
        LEAVE,
        /** A tag or a priority: said in signs. */
        SIGN,
        /** The name of a list; names are no words of a language. */
        IN_A_LIST;

        String inFile() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** The use that is made of a phrase. */
    enum Verdict {
        TAKE,
        ASK,
        /** The user is asked, unless another phrase says when. */
        DOUBT,
        LEAVE
    }

    /** Tells if it means one of these. */
    @SafeVarargs
    final boolean says(Class<? extends Meaning>... what) {
        return Stream.of(what).anyMatch(it -> it.isInstance(meaning));
    }

    /** Tells if it says when a task is due; the beginning of a rule does not. */
    boolean isTime() {
        return manner != Manner.START && isWhen();
    }

    boolean isWhen() {
        return isDay() || says(Meaning.Clock.class, Meaning.Part.class, Meaning.Soon.class);
    }

    boolean isDay() {
        return says(Meaning.Day.class, Meaning.PartOfDay.class);
    }
}
