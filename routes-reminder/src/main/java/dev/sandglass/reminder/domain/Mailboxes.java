package dev.sandglass.reminder.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Mailboxes that are changed together, and written in the order of their keys. One that cannot be read is passed over. */
final class Mailboxes {
    private final SortedMap<String, Mailbox> all = new TreeMap<>();
    /** Mailboxes that need no change any more, if the answer to a write was lost: nobody has looked at them. */
    private final SortedMap<String, Mailbox> unheard = new TreeMap<>();

    private final Documents documents;
    private final Plans plans;

    Mailboxes(Documents documents, Plans plans) {
        this.documents = documents;
        this.plans = plans;
    }

    void change(String key, String of, UnaryOperator<Mailbox> change) {
        Mailbox drafted = all.get(key);
        if (drafted != null) {
            all.put(key, change.apply(drafted));
            return;
        }
        Stored stored = documents.get(key);
        Optional<Mailbox> before = stored.absent() ? Optional.of(Mailbox.empty(of)) : plans.of(stored, Mailbox.class);
        before.ifPresent(mailbox -> {
            Mailbox changed = change.apply(mailbox);
            if (!changed.equals(mailbox)) {
                all.put(key, changed);
            } else if (documents.again()) {
                unheard.put(key, mailbox);
            }
        });
    }

    /** When the changed ones are to be looked at. */
    List<Alarm> alarms() {
        List<Alarm> alarms = new ArrayList<>();
        unheard.forEach((key, mailbox) -> alarms.addAll(mailbox.alarms(key)));
        all.forEach((key, mailbox) -> alarms.addAll(mailbox.alarms(key)));
        return alarms;
    }

    Transaction transaction() {
        Transaction transaction = new Transaction();
        all.forEach((key, mailbox) ->
                transaction.replace(Objects.requireNonNull(documents.get(key)), mailbox, Mailbox.KEPT));
        return transaction;
    }
}
