package dev.sandglass.audit.domain;

import dev.sandglass.support.domain.Accepted;
import dev.sandglass.support.domain.Documents;
import dev.sandglass.support.domain.UserQuestion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the entries of a task that answer a question: from where the page before ended. It goes on as {@link FindEntries} does. */
public final class FindTaskEntries implements UserQuestion<EntryPage> {
    private final EntryQuery question;
    private final int atMost;
    private final TaskMentions mentions;
    private final List<Entry> page = new ArrayList<>();
    private int seen;
    private int through;
    private int size;

    /** @throws IllegalArgumentException for an invalid limit */
    FindTaskEntries(EntryQuery question) {
        this.question = question;
        this.atMost = question.atMost();
        this.mentions = new TaskMentions(Objects.requireNonNull(question.task()), false, question.mentionsPassed());
    }

    @Override
    public Accepted<EntryPage> on(Documents documents) {
        boolean all =
                mentions.each(documents, mention -> question.lists().contains(mention.list()), (mention, entry) -> {
                    if (page.size() == atMost
                            || seen == EntryPage.LOOKED_AT
                            || through > EntryPage.LOOKED_THROUGH
                            || size > EntryPage.LARGE) {
                        return false;
                    }
                    seen++;
                    through += entry.map(Entry::size).orElse(0);
                    entry.filter(question::asksFor)
                            .filter(one -> !question.early(one) && !question.over(one))
                            .ifPresent(one -> {
                                page.add(one);
                                size += one.size();
                            });
                    return true;
                });
        return Accepted.unchanged(page(all));
    }

    @Override
    public String user() {
        return Objects.requireNonNullElse(question.user(), "");
    }

    @Override
    public Optional<EntryPage> soFar() {
        return Optional.of(page(false)).filter(any -> mentions.passed() > question.mentionsPassed());
    }

    private EntryPage page(boolean all) {
        @Nullable String next = all ? null : question.cursorAfter(mentions.passed());
        return new EntryPage(
                page.stream().sorted(Comparator.comparing(Entry::position)).toList(), next);
    }
}
