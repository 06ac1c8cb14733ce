package dev.sandglass.audit.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** The entries of a task by its mentions, in the order in which these were kept or the other way round, a few at a time. */
final class TaskMentions {
    private final String key;
    private final boolean newestFirst;
    private final Portion portion = new Portion();
    private final List<Optional<Mention>> few = new ArrayList<>();
    private long passed;
    private long n = -1;

    /** Takes entries one by one. */
    interface Taker {
        /** @return false if it has enough: then it did not take this one */
        boolean take(Mention mention, Optional<Entry> entry);
    }

    /** @param passed the number of mentions to pass over */
    TaskMentions(String task, boolean newestFirst, long passed) {
        this.key = KeepChanges.History.key(task);
        this.newestFirst = newestFirst;
        this.passed = passed;
    }

    /** The number of mentions that were passed over, looked at or taken. */
    long passed() {
        return passed;
    }

    /**
     * Gives out entries from where it was.
     *
     * @param wanted others are passed over unread
     * @return true if all were taken
     */
    boolean each(Documents documents, Predicate<Mention> wanted, Taker taker) {
        n = n < 0 ? KeepChanges.History.of(documents.get(key)) : n;
        while (passed < n) {
            if (few.isEmpty()) {
                few.addAll(mentions(documents));
            }
            Map<String, Stored> there = portion.of(
                    documents,
                    few.stream()
                            .flatMap(Optional::stream)
                            .filter(wanted)
                            .map(mention -> mention.id().key())
                            .toList());
            for (Optional<Mention> one : few) {
                Mention mention = one.filter(wanted).orElse(null);
                if (mention != null
                        && !taker.take(
                                mention,
                                FindEntries.entry(there.get(mention.id().key())))) {
                    return false;
                }
                passed++;
            }
            few.clear();
        }
        return true;
    }

    private List<Optional<Mention>> mentions(Documents documents) {
        List<String> keys = LongStream.rangeClosed(passed + 1, Math.min(n, passed + portion.size()))
                .mapToObj(i -> key + "/" + (newestFirst ? n + 1 - i : i))
                .toList();
        Map<String, Stored> there = Portion.taken(documents, keys);
        return keys.stream()
                .map(there::get)
                .map(stored -> stored == null || stored.absent()
                        ? Optional.<Mention>empty()
                        : Optional.of(stored.as(Mention.class)))
                .toList();
    }
}
