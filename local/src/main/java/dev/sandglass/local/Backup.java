package dev.sandglass.local;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;

/**
 * All there is in PostgreSQL, as one consistent file and back: gzipped SQL that {@code psql} reads as well, since the server's binaries
 * come without {@code pg_dump}.
 */
final class Backup {
    /** Statements that make the tables anew; then those that make what belongs to them, once they are filled. */
    private static final String TABLES = """
            SELECT c.relname, format('CREATE TABLE %I (%s)', c.relname, string_agg(
                format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                    || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
                    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum))
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            GROUP BY c.relname ORDER BY c.relname
            """;

    private static final String INDEXES = """
            SELECT '', coalesce(
                'ALTER TABLE ' || k.conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' '
                    || pg_get_constraintdef(k.oid),
                pg_get_indexdef(i.indexrelid))
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid
            WHERE c.relnamespace = 'public'::regnamespace ORDER BY i.indexrelid::regclass::text
            """;

    private static final String END = "\\.";

    private Backup() {}

    private record Made(String table, String statement) {}

    /** @throws IOException if the database does not answer or the file cannot be written; then there is no such file */
    static void write(Path file, int port, String password) throws IOException {
        Path making = file.resolveSibling(file.getFileName() + ".new");
        try (Connection database = connect(port, password);
                OutputStream out = new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(making)))) {
            database.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            database.setReadOnly(true);
            database.setAutoCommit(false);
            for (Made table : made(database, TABLES)) {
                line(out, table.statement + ";");
                line(out, "COPY \"" + table.table + "\" FROM stdin;");
                database.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY \"" + table.table + "\" TO STDOUT", out);
                line(out, END);
            }
            for (Made index : made(database, INDEXES)) {
                line(out, index.statement + ";");
            }
        } catch (SQLException e) {
            throw new IOException("the database cannot be read: " + e.getMessage(), e);
        }
        Files.move(making, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Fills an empty database, wholly or not at all.
     *
     * @return how many rows there are now
     * @throws IOException if the file is damaged or the database does not take it
     */
    static long read(Path file, int port, String password) throws IOException {
        try (Connection database = connect(port, password);
                InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            database.setAutoCommit(false);
            long rows = 0;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                String statement = line.substring(0, line.length() - 1);
                if (statement.startsWith("COPY ")) {
                    rows += database.unwrap(PGConnection.class).getCopyAPI().copyIn(statement, new Rows(in));
                } else {
                    try (Statement made = database.createStatement()) {
                        made.execute(statement);
                    }
                }
            }
            database.commit();
            return rows;
        } catch (SQLException e) {
            throw new IOException(file + " cannot be restored: " + e.getMessage(), e);
        }
    }

    private static Connection connect(int port, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + Postgres.DATABASE, Postgres.USER, password);
    }

    private static List<Made> made(Connection database, String query) throws SQLException {
        List<Made> all = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            while (found.next()) {
                all.add(new Made(found.getString(1), found.getString(2)));
            }
        }
        return all;
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The next line, empty at the end. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != -1 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The rows of one COPY: up to a line with {@code \.} alone, which no row can be. */
    private static final class Rows extends FilterInputStream {
        private byte[] row = new byte[0];
        private int at;
        private boolean ended;

        Rows(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (at == row.length && !ended) {
                String next = line(in);
                if (next.isEmpty()) {
                    throw new IOException("the file ends within a table");
                }
                ended = next.equals(END);
                row = (next + "\n").getBytes(StandardCharsets.UTF_8);
                at = 0;
            }
            if (ended) {
                return -1;
            }
            int some = Math.min(length, row.length - at);
            System.arraycopy(row, at, into, offset, some);
            at += some;
            return some;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) == -1 ? -1 : one[0] & 0xff;
        }

        @Override
        public void close() {
            // The file goes on behind it.
        }
    }
}
