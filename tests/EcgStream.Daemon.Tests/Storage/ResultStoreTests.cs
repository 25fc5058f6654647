using Microsoft.Data.Sqlite;
using EcgStream.Core.Beats;
using EcgStream.Core.Quality;
using EcgStream.Core.Results;
using EcgStream.Core.Signals;
using EcgStream.Core.Time;
using EcgStream.Core.Vitals;
using EcgStream.Core.Windows;
using EcgStream.Daemon.Monitor;
using EcgStream.Daemon.Storage.Sqlite;
using EcgStream.Testing;

namespace EcgStream.Daemon.Tests.Storage;

public sealed class ResultStoreTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task TryEnqueue_Result_IsReadBackWhole()
    {
        using var fixture = new StoreFixture();
        var expected = StoreFixture.Result("dev-1", 100);
        Assert.True(fixture.Store.TryEnqueue(expected));
        await fixture.Store.WaitForResultAsync(0).AsTask().WaitAsync(Patience);

        using var reader = fixture.Store.OpenReader();
        var stored = Assert.Single(reader.ReadResultsAfter(0, 10));

        Assert.Equal(1ul, stored.Cursor);
        Assert.Equal(1ul, fixture.Store.LastCursor);
        Assert.Equal(("dev-1", expected.SessionId, "normal-abnormal", "1.2.0"), (stored.DeviceId, stored.SessionId, stored.Model, stored.ModelVersion));
        Assert.Equal(["normal", "abnormal"], stored.Labels);
        Assert.Equal((expected.StartUnixNs, expected.EndUnixNs), (stored.StartUnixNs, stored.EndUnixNs));
        Assert.Equal(expected.Scores, stored.Scores);
        Assert.Equal((1, true, 0.75f), (stored.PredictedIndex, stored.Abnormal, stored.AbnormalScore));
        Assert.Equal(WindowMarks.Interpolated | WindowMarks.PoorQuality, stored.Marks);
        Assert.Equal(25, stored.LatencyMilliseconds, 3);
        Assert.InRange(stored.StoredUnixNs, TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixNs(), TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixNs());
    }

    [Fact]
    public void TryEnqueue_SameIdentityTwice_ChangesNothing()
    {
        using var fixture = new StoreFixture();
        var newVersion = StoreFixture.Model with { Version = "2.0.0" };
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 100, abnormal: 0.75f));
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 100, abnormal: 0.1f));
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 100, newVersion, 0.2f));
        var metrics = fixture.Metrics;

        using (var reader = fixture.ReadAfterReopen())
        {
            Assert.Equal(0.75f, Assert.Single(reader.ReadResultsAfter(0, 10)).AbnormalScore);
            Assert.Equal((1, 2, 0), (metrics.ResultsStored, metrics.ResultsDuplicate, metrics.ResultsDropped));
        }

        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 100));
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 101));
        using var again = fixture.ReadAfterReopen();
        // Repeats use up no cursor, so cursors have no holes that a follower could take for losses.
        Assert.Equal([1ul, 2], again.ReadResultsAfter(0, 10).Select(result => result.Cursor));
    }

    [Fact]
    public async Task Stored_TellsOfEachNewResultInCursorOrder_AndTheFeedsPageHoldsIt()
    {
        using var fixture = new StoreFixture();
        var told = new List<(ulong Cursor, long Start)>();
        fixture.Store.Stored = (cursor, result) => told.Add((cursor, result.StartUnixNs));
        foreach (var second in new[] { 1, 2, 2, 3 })
        {
            fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", second));
        }

        await fixture.Store.WaitForResultAsync(2).AsTask().WaitAsync(Patience);
        var page = await fixture.Store.ReadAfterAsync(1, 10, CancellationToken.None);

        Assert.Equal([2ul, 3], page.Select(item => item.Cursor));
        Assert.Equal(StoreFixture.Result("dev-1", 2).ToWire(TimeProvider.System), page[0].Result);
        fixture.Reopen();
        Assert.Equal([(1ul, 1_000_000_000L), (2, 2_000_000_000), (3, 3_000_000_000)], told);
    }

    [Fact]
    public async Task ReadAfterAsync_OneIsReading_TheOthersWaitWithoutAThread()
    {
        using var fixture = new StoreFixture();
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 1));
        await fixture.Store.WaitForResultAsync(0).AsTask().WaitAsync(Patience);
        await fixture.Store.ReadTurn.WaitAsync();
        // Each call comes back to this thread at once, though none can read yet.
        var waiting = Enumerable.Range(0, 200).Select(_ => fixture.Store.ReadAfterAsync(0, 10, CancellationToken.None).AsTask()).ToArray();
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        fixture.Store.ReadTurn.Release();

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience), page => Assert.Single(page));
    }

    [Fact]
    public async Task ReadAfterAsync_WindowBeginsBefore1970_IsSentFromZero()
    {
        using var fixture = new StoreFixture();
        var early = StoreFixture.Result("dev-1", -4); // a device that counts from its own start, resampled to a little before it
        fixture.Store.TryEnqueue(early);
        await fixture.Store.WaitForResultAsync(0).AsTask().WaitAsync(Patience);

        var sent = Assert.Single(await fixture.Store.ReadAfterAsync(0, 10, CancellationToken.None)).Result;
        Assert.Equal((0ul, 6_000_000_000ul), (sent.WindowStartUnixNs, sent.WindowEndUnixNs));
        Assert.Equal(sent, early.ToWire(TimeProvider.System));
    }

    [Fact]
    public async Task Stored_ListenerThrows_TheWriterGoesOn()
    {
        using var fixture = new StoreFixture();
        var told = 0;
        fixture.Store.Stored = (_, _) => throw new InvalidOperationException("listener " + ++told);
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 1));
        await fixture.Store.WaitForResultAsync(0).AsTask().WaitAsync(Patience);
        Assert.True(fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 2)));
        await fixture.Store.WaitForResultAsync(1).AsTask().WaitAsync(Patience);

        Assert.Null(fixture.Store.FailureReason);
        Assert.Equal(2ul, fixture.Store.LastCursor);
        Assert.Equal(2, told);
    }

    [Fact]
    public void ReadResultsAfter_Paged_GivesEachOnceInOrder()
    {
        using var fixture = new StoreFixture(options => options.BatchRows = 64);
        for (var second = 0; second < 500; second++)
        {
            Assert.True(fixture.Store.TryEnqueue(StoreFixture.Result("dev-" + (second % 7), second)));
        }

        using var reader = fixture.ReadAfterReopen();
        var seen = new List<StoredResult>();
        for (IReadOnlyList<StoredResult> page = [null!]; page.Count > 0;)
        {
            page = reader.ReadResultsAfter(seen.Count == 0 ? 0 : seen[^1].Cursor, 64);
            seen.AddRange(page);
        }

        Assert.Equal(Enumerable.Range(1, 500).Select(cursor => (ulong)cursor), seen.Select(result => result.Cursor));
        Assert.Equal(Enumerable.Range(0, 500).Select(second => second * 1_000_000_000L), seen.Select(result => result.StartUnixNs));
        Assert.Equal(500, reader.CountResults());
        Assert.Equal(500ul, reader.LastCursor());
    }

    [Fact]
    public void ReadLastResults_GivesTheLatestWindowOfEachModel()
    {
        using var fixture = new StoreFixture();
        var other = new ModelIdentity("af", "1", [new("no", null, false), new("af", null, true)]);
        foreach (var second in new[] { 5, 9, 7 })
        {
            fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", second));
            fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", second + 1, other));
            fixture.Store.TryEnqueue(StoreFixture.Result("dev-2", second + 100));
        }

        using var reader = fixture.ReadAfterReopen();
        Assert.Equal(
            [("af", 10_000_000_000L), ("normal-abnormal", 9_000_000_000L)], reader.ReadLastResults("dev-1", 0xFEDC_BA98_7654_3210).Select(result => (result.Model, result.StartUnixNs)));
        Assert.Empty(reader.ReadLastResults("dev-3", 0xFEDC_BA98_7654_3210));
        Assert.Equal([105_000_000_000L, 107_000_000_000L], reader.ReadResults("dev-2", 100_000_000_000, 108_000_000_000, 10).Select(result => result.StartUnixNs));
    }

    [Fact]
    public void TryEnqueue_BeatsAndVitals_AreStoredOnce()
    {
        using var fixture = new StoreFixture();
        var beat = new Beat("dev-1", 7, 1000, 812.5f, 1.25f, Lead.II, 0);
        var vitals = new VitalsSecond("dev-1", 7, 2_000_000_000, 74.5f, 1, 0x6, new SecondQuality(2, 4, 8, 16), 0);
        for (var repeat = 0; repeat < 2; repeat++)
        {
            Assert.True(fixture.Store.TryEnqueue(Classified(beat)));

            // Written twice changes nothing, whatever its class is the second time.
            Assert.True(fixture.Store.TryEnqueue(new ClassifiedBeat(beat with { TimeUnixNs = 2000, RrMilliseconds = null }, repeat == 0 ? BeatClass.Q : BeatClass.S, 0)));
            Assert.True(fixture.Store.TryEnqueue(vitals));
            Assert.True(fixture.Store.TryEnqueue(vitals with { EndUnixNs = 3_000_000_000, HeartRateBpm = null }));
        }

        using var reader = fixture.ReadAfterReopen();
        Assert.Equal(2, reader.CountBeats());
        Assert.Equal([new(1, vitals), new(2, vitals with { EndUnixNs = 3_000_000_000, HeartRateBpm = null })], reader.ReadVitalsAfter(0, 10));
        Assert.Equal(2ul, reader.LastVitalsCursor());
    }

    [Fact]
    public void ReadLastTimes_GivesTheEndOfOneSessionOfOneDevice_ByIndex()
    {
        using var fixture = new StoreFixture();
        const ulong Session = ulong.MaxValue - 3; // ids are stored as the signed number of the same bits
        var beat = new Beat("dev-1", Session, 1000, 812.5f, 1.25f, Lead.II, 0);
        var vitals = new VitalsSecond("dev-1", Session, 2_000_000_000, 74.5f, 1, 0, default, 0);
        foreach (var offset in new[] { 0L, 40, 20 })
        {
            fixture.Store.TryEnqueue(Classified(beat with { TimeUnixNs = 1000 + offset }));
            fixture.Store.TryEnqueue(vitals with { EndUnixNs = 2_000_000_000 + offset });
        }

        // What lies later belongs to others.
        fixture.Store.TryEnqueue(Classified(beat with { TimeUnixNs = 9000, SessionId = 8 }));
        fixture.Store.TryEnqueue(vitals with { EndUnixNs = 9_000_000_000, DeviceId = "dev-2" });

        using var reader = fixture.ReadAfterReopen();
        Assert.Equal(new LastStoredTimes(2_000_000_040, 1040), reader.ReadLastTimes("dev-1", Session));
        Assert.Equal(new LastStoredTimes(null, 9000), reader.ReadLastTimes("dev-1", 8));
        Assert.Equal(new LastStoredTimes(9_000_000_000, null), reader.ReadLastTimes("dev-2", Session));
        Assert.Equal(default, reader.ReadLastTimes("dev-1", 9));
        Assert.Equal(default, reader.ReadLastTimes("dev-3", Session));
        Assert.Contains("(device_id=? AND session_id=?)", fixture.Plan("SELECT max(end_ns) FROM vitals WHERE device_id = 1 AND session_id = 2"), StringComparison.Ordinal);
        Assert.Contains("(device_id=? AND session_id=?)", fixture.Plan("SELECT max(peak_ns) FROM beats WHERE device_id = 1 AND session_id = 2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryEnqueue_WriterHeldUp_FillsThenRefusesThenStoresAllThatWasTaken()
    {
        using var fixture = new StoreFixture(options => (options.QueueCapacity, options.BatchRows) = (100, 10));
        var taken = 0;
        using (var intruder = fixture.Databases.OpenResults())
        {
            // Another writer has the file: the store's transaction waits and its queue fills.
            using var transaction = intruder.BeginTransaction(deferred: false);
            Assert.True(fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", taken++)));
            await UntilAsync(() => fixture.Store.QueueDepth == 0); // the writer has its batch; nothing more leaves the queue
            while (fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", taken)))
            {
                taken++;
            }

            Assert.InRange(taken, 100, 110);
            Assert.Equal(1, fixture.Metrics.ResultsDropped);
            Assert.False(fixture.Store.TryEnqueue(new VitalsSecond("dev-1", 1, 1, null, 0, 0, default, 0)));
        }

        await fixture.Store.WaitForResultAsync((ulong)taken - 1).AsTask().WaitAsync(Patience);
        using var reader = fixture.Store.OpenReader();
        Assert.Equal(taken, reader.CountResults());
        Assert.Equal(2, fixture.Metrics.Dropped);
    }

    [Fact]
    public async Task Commit_DatabaseFails_KeepsRowsAndStoresThemLater()
    {
        var clock = new ManualTimeProvider();
        using var fixture = new StoreFixture(time: clock);
        using var intruder = fixture.Databases.OpenResults();
        intruder.Execute("ALTER TABLE results RENAME TO hidden");
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 1));
        await UntilAsync(() => fixture.Store.FailureReason is not null);
        Assert.Contains("results", fixture.Store.FailureReason, StringComparison.Ordinal);
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 2));

        intruder.Execute("ALTER TABLE hidden RENAME TO results");
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            return fixture.Store.LastCursor == 2;
        });

        Assert.Null(fixture.Store.FailureReason);
        using var reader = fixture.Store.OpenReader();
        Assert.Equal(2, reader.CountResults());
    }

    [Fact]
    public async Task Commit_ARowAtFault_DropsItAloneAndGoesOn()
    {
        using var fixture = new StoreFixture();
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 1));
        fixture.Store.TryEnqueue(default(ClassifiedBeat)); // of no device
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 2));
        await fixture.Store.WaitForResultAsync(1).AsTask().WaitAsync(Patience);
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 3));
        await fixture.Store.WaitForResultAsync(2).AsTask().WaitAsync(Patience);
        Assert.Equal(1, fixture.Metrics.Dropped);
        Assert.Null(fixture.Store.FailureReason);
    }

    [Fact]
    public void InTransaction_SqliteHasRolledBackByItself_ThrowsTheReasonAndTheConnectionGoesOn()
    {
        using var fixture = new StoreFixture();
        using var connection = fixture.Databases.OpenAlarms();
        connection.Execute("PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
        var pages = connection.Scalar("PRAGMA page_count");
        connection.Execute($"PRAGMA max_page_count = {pages}"); // SQLite's own full disk
        var full = Assert.Throws<SqliteException>(() => connection.InTransaction(() => Fill(connection)));
        Assert.Equal(13, full.SqliteErrorCode);
        connection.Execute("PRAGMA max_page_count = 100000");
        connection.InTransaction(() => Fill(connection));
        Assert.Equal(100L, connection.Scalar("SELECT count(*) FROM audit"));
    }

    private static void Fill(SqliteConnection connection) => connection.Execute(
        """
        WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 100)
        INSERT INTO audit (at_ns, actor, action, subject, detail) SELECT value, 'a', 'b', 'c', hex(zeroblob(4000)) FROM n
        """);

    [Fact]
    public async Task Retention_DeletesOldRowsInStepsAndKeepsCursorsRising()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var fixture = new StoreFixture(options => (options.Retention, options.PurgeRows) = (TimeSpan.FromHours(1), 3), clock);
        for (var second = 1; second <= 10; second++)
        {
            fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", second));
            fixture.Store.TryEnqueue(Classified(new Beat("dev-1", 7, second, null, 1, Lead.II, 0)));
            fixture.Store.TryEnqueue(new VitalsSecond("dev-1", 7, second, null, 0, 0, default, 0));
        }

        await fixture.Store.WaitForResultAsync(9).AsTask().WaitAsync(Patience);
        clock.Advance(TimeSpan.FromHours(2));
        fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 11));
        using var reader = fixture.Store.OpenReader();
        await UntilAsync(() => reader.LastCursor() == 11 && reader.CountResults() == 1 && reader.CountVitals() == 0 && reader.CountBeats() == 0);

        Assert.Equal(11ul, Assert.Single(reader.ReadResultsAfter(0, 10)).Cursor);
        Assert.Equal(11ul, reader.LastCursor());
    }

    [Fact]
    public async Task Retention_DeviceClockAt1970_KeepsWhatTheDaemonStoredOfLate()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var fixture = new StoreFixture(options => options.Retention = TimeSpan.FromHours(1), clock);
        using var reader = fixture.Store.OpenReader();
        Store(0, 10);
        await UntilAsync(() => reader.CountBeats() == 10 && reader.CountVitals() == 10);
        clock.Advance(TimeSpan.FromMinutes(59));
        Store(10, 15);
        await UntilAsync(() => reader.CountBeats() == 15 && reader.CountVitals() == 15);
        clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(() => reader.CountBeats() <= 5 && reader.CountVitals() <= 5);

        // What is stored now comes after the purge on the store's thread, so the purge has ended.
        Store(15, 16);
        await UntilAsync(() => reader.ReadLastTimes("dev-1", 7) == new LastStoredTimes(15, 15));
        Assert.Equal((6, 6), (reader.CountBeats(), reader.CountVitals()));

        void Store(int from, int to)
        {
            for (var at = from; at < to; at++)
            {
                fixture.Store.TryEnqueue(Classified(new Beat("dev-1", 7, at, null, 1, Lead.II, 0)));
                fixture.Store.TryEnqueue(new VitalsSecond("dev-1", 7, at, null, 0, 0, default, 0));
            }
        }
    }

    [Fact]
    public void Prepare_DatabaseOfTheFirstSchema_KeepsItsBeatsForAWholeRetention()
    {
        using var folder = new OldDatabase(version: 1, """
            INSERT INTO devices (id, device) VALUES (1, 'dev-1');
            INSERT INTO beats (device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead) VALUES (1, 1, 7, NULL, 1, 2);
            """);
        folder.Databases.Prepare();
        using var upgraded = folder.Databases.OpenResults();
        var stored = (long)upgraded.Scalar("SELECT stored_ns FROM beats")!;
        Assert.Equal((long)BeatClass.Q, upgraded.Scalar("SELECT class FROM beats"));
        Assert.InRange(stored, TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixNs(), TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixNs());
        Assert.Empty(folder.Databases.SetAside);
    }

    [Fact]
    public void Prepare_DatabaseWithoutTheSessionInItsKeys_KeepsRowsAndCursorsAndTakesAnotherSession()
    {
        using var folder = new OldDatabase(version: 4, """
            INSERT INTO devices (id, device) VALUES (1, 'dev-1');
            INSERT INTO models (id, model) VALUES (1, 'm');
            INSERT INTO model_versions (id, model_id, version, labels) VALUES (1, 1, '1', '["a"]');
            INSERT INTO results VALUES (41, 1, 1, 1000, 2000, 7, 1, 0, 0, 0.5, 0, 1.5, 9, x'00000000');
            INSERT INTO beats (cursor, device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead, class, probability, stored_ns) VALUES (42, 1, 1500, 7, 800, 1, 2, 1, 0.9, 9);
            INSERT INTO vitals VALUES (43, 1, 2000, 7, 75, 1, 0, 0, 0, 0, 0, 9);
            DELETE FROM vitals; -- as retention does: its cursor is used up all the same
            """);
        folder.Databases.Prepare();
        using var upgraded = folder.Databases.OpenResults();
        Assert.Equal("41,1,1,1000,2000,7,1,0,0,0.5,0,1.5,9,00000000", upgraded.Scalar("SELECT concat_ws(',', cursor, device_id, model_id, window_start_ns, window_end_ns, session_id, version_id, predicted, abnormal, abnormal_score, marks, latency_ms, stored_ns, hex(scores)) FROM results"));
        Assert.Equal("42,1,1500,7,800.0,1.0,2,1,0.9,9", upgraded.Scalar("SELECT concat_ws(',', cursor, device_id, peak_ns, session_id, rr_ms, amplitude_mv, lead, class, probability, stored_ns) FROM beats"));
        Assert.Equal("41,42,43", upgraded.Scalar("SELECT group_concat(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name IN ('results', 'beats', 'vitals') ORDER BY seq)"));

        // The same times in another session are other rows; in the same session the same ones.
        Assert.Equal(1, Insert(upgraded, session: 8));
        Assert.Throws<SqliteException>(() => Insert(upgraded, session: 7));
        Assert.Equal(2L, upgraded.Scalar("SELECT count(*) FROM beats"));
        Assert.Equal("ok", upgraded.Scalar("PRAGMA integrity_check"));

        static int Insert(SqliteConnection connection, int session)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"INSERT INTO beats (device_id, peak_ns, session_id, amplitude_mv, lead, class, probability, stored_ns) VALUES (1, 1500, {session}, 1, 2, 1, 0.9, 9)";
            return command.ExecuteNonQuery();
        }
    }

    [Fact]
    public void TryEnqueue_TheSameTimesInTwoSessions_AreBothStored()
    {
        using var fixture = new StoreFixture();
        foreach (var session in new ulong[] { 7, 8 })
        {
            fixture.Store.TryEnqueue(StoreFixture.Result("dev-1", 1) with { SessionId = session });
            fixture.Store.TryEnqueue(Classified(new Beat("dev-1", session, 1_000, null, 1, Lead.II, 0)));
            fixture.Store.TryEnqueue(new VitalsSecond("dev-1", session, 1_000, null, 0, 0, default, 0));
        }

        using var reader = fixture.ReadAfterReopen();
        Assert.Equal((2, 2, 2), (reader.CountResults(), reader.CountBeats(), reader.CountVitals()));
        Assert.Equal(7ul, Assert.Single(reader.ReadLastResults("dev-1", 7)).SessionId);
    }

    [Fact]
    public void Prepare_NewerSchema_IsRefusedByName()
    {
        using var fixture = new StoreFixture();
        using (var connection = fixture.Databases.OpenResults())
        {
            connection.Execute("PRAGMA user_version = 99");
        }

        var refusal = Assert.Throws<StorageException>(fixture.Databases.Prepare);
        Assert.Contains("schema version 99", refusal.Message, StringComparison.Ordinal);
        using (var connection = fixture.Databases.OpenResults())
        {
            connection.Execute($"PRAGMA user_version = {SqliteSchema.Results.Version}");
        }
    }

    [Theory]
    [InlineData("results.db", false)]
    [InlineData("alarms.db", false)]
    [InlineData("results.db", true)]
    [InlineData("alarms.db", true)]
    public void Prepare_DamagedFile_IsKeptAsideAndANewOneBegunBehindTheOldCursors(string file, bool inside)
    {
        using var folder = new OldDatabase(version: 1, "");
        folder.Databases.Prepare();
        var path = Path.Combine(folder.Directory, file);
        var bytes = File.ReadAllBytes(path);
        new Random(5).NextBytes(bytes.AsSpan(inside ? 4096 : 0));
        File.WriteAllBytes(path, bytes);

        folder.Databases.Prepare();
        var aside = Assert.Single(folder.Databases.SetAside);
        Assert.StartsWith(path + ".damaged-", aside, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(aside));
        using var alarms = new AlarmJournal(folder.Databases, folder.Options, TimeProvider.System);
        alarms.Open();
        if (file == "alarms.db")
        {
            Assert.True(alarms.LastCursor > 1ul << 40, $"{alarms.LastCursor}");
        }
    }

    private static ClassifiedBeat Classified(in Beat beat) => new(beat, BeatClass.N, 0.9f);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A data directory with a <c>results.db</c> as an older build left it.</summary>
    private sealed class OldDatabase : IDisposable
    {
        public OldDatabase(int version, string rows)
        {
            Directory = System.IO.Directory.CreateTempSubdirectory("ecgs-").FullName;
            Options = Microsoft.Extensions.Options.Options.Create(new EcgStream.Daemon.Storage.StorageOptions { DataDirectory = Directory });
            Databases = new SqliteDatabases(Options);
            using var connection = Databases.OpenResults();
            SqliteSchema.Results.Migrate(connection, version);
            connection.Execute(rows.Length > 0 ? rows : "SELECT 1");
        }

        public string Directory { get; }

        public Microsoft.Extensions.Options.IOptions<EcgStream.Daemon.Storage.StorageOptions> Options { get; }

        public SqliteDatabases Databases { get; }

        public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
    }
}
