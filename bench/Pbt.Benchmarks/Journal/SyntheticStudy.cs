using System.Buffers;
using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Storage;
using Pbt.Storage.Journal;
using Pbt.Testing;

namespace Pbt.Benchmarks.Journal;

/// <summary>Writes the journal that a long study of 100 members would have, without running it.</summary>
public static class SyntheticStudy
{
    public const int Members = 100;

    /// <summary>A third each of attempts started, intervals completed and members decided, in the order of a synchronous study.</summary>
    public static IEnumerable<(RecordedEvent Event, bool More)> Events(int count)
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var version = 0L;
        (RecordedEvent, bool) Next(StudyEvent happened, bool more) =>
            (new(++version, time = time.AddTicks(1234567), happened), more && version < count);

        yield return Next(new StudyCreated(StudyCreated.CurrentFormat, ConformanceStudy.Spec with { Population = Members, Budget = new(Intervals: 1_000_000) }, "bench"), more: true);
        for (var member = 0; member < Members; member++)
            yield return Next(new MemberCreated(new(member), Values(member)), more: member < Members - 1);

        for (var worker = 0; worker < Members; worker++)
            yield return Next(new WorkerJoined(Worker(worker), "node-17.cluster", 1000 + worker, "boot", 12345, 1), more: false);

        var last = new CheckpointId[Members];
        for (long attempt = 1; version < count; attempt++)
        {
            var member = (int)((attempt - 1) % Members);
            var interval = (int)((attempt - 1) / Members) + 1;
            yield return Next(new AttemptStarted(new(attempt), new(member), interval, Worker(member), interval == 1 ? null : last[member], 1_234_567 + member), more: false);
            if (version >= count)
                yield break;

            yield return Next(Completed(attempt, member), more: true);
            if (version >= count)
                yield break;

            last[member] = new(new(member), interval, new(attempt));
            yield return Next(Decided(member, interval, last), more: false);
        }
    }

    /// <summary>Writes the journal of so many events; returns its bytes.</summary>
    public static long Write(StudyDirectory directory, int count)
    {
        using var file = File.Create(directory.Journal);
        var buffer = new ArrayBufferWriter<byte>(2 << 20);
        using var json = JournalLine.CreateWriter(buffer);
        foreach (var (recorded, more) in Events(count))
        {
            JournalLine.Write(buffer, json, recorded, more);
            if (buffer.WrittenCount < 1 << 20)
                continue;

            file.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }

        file.Write(buffer.WrittenSpan);
        return file.Length;
    }

    public static WorkerId Worker(int number) => new($"node-17.cluster-{1000 + number}");

    public static IntervalCompleted Completed(long attempt, int member) => new(
        new(attempt),
        Math.Sin(attempt * 0.1) + (member / 3.0),
        4096,
        12.25 + (1.0 / (1 + member)),
        [],
        ImmutableSortedDictionary<string, double>.Empty.Add("loss", 1.0 / attempt).Add("entropy", Math.Sqrt(attempt)));

    public static Hyperparameters Values(long number) => new(
    [
        new("learning_rate", HyperparameterValue.Of(1e-5 * (1 + (number % 97)) / 3)),
        new("entropy_coef", HyperparameterValue.Of(0.1 / (1 + (number % 89)))),
        new("epochs", HyperparameterValue.Of(1 + (number % 10))),
        new("optimizer", HyperparameterValue.Of(number % 2 == 0 ? "adam" : "sgd")),
    ]);

    private static MemberDecided Decided(int member, int interval, CheckpointId[] last)
    {
        // A fifth exploits, as under truncation; every one of them has new hyperparameters.
        if (member < Members * 4 / 5 || interval == 1)
            return new(new(member), interval, MemberAction.Explore, Donor: null, Checkpoint: null, Values(interval + member));

        var donor = (member + interval) % (Members / 5);
        return new(new(member), interval, MemberAction.Exploit, new(donor), last[donor], Values(interval * 7L));
    }
}
