using System.Diagnostics;
using System.Globalization;
using Pbt.Client;

namespace Pbt.Benchmarks.Sessions;

/// <summary>The trainer of the session benchmarks: this program, started by a worker.</summary>
internal static class ResidentTrainer
{
    /// <summary>Trains intervals of so many microseconds, at which it does nothing, and leaves eight bytes of weights.</summary>
    public static async Task TrainAsync(int microseconds, int capacity)
    {
        await using var session = await TrainerSession.ConnectAsync(new SessionOptions { Steps = 1, Capacity = capacity });
        var weights = new byte[sizeof(long)];
        await foreach (var batch in session.BatchesAsync())
        {
            // As a trainer does whose work is on an accelerator; a timer's delay of 1 ms takes up to 2.
#pragma warning disable RS0030
            Thread.Sleep(TimeSpan.FromMicroseconds(microseconds));
#pragma warning restore RS0030

            foreach (var interval in batch)
            {
                await File.WriteAllBytesAsync(Path.Combine(interval.CheckpointOut, "weights"), weights);
                await interval.CompleteAsync(interval.Member);
            }
        }
    }

    /// <summary>Computes for a while in each interval, in even ones with a report after each step; the score is the time that it took.</summary>
    public static async Task ReportAsync(int steps, int spins)
    {
        await using var session = await TrainerSession.ConnectAsync(new SessionOptions { Steps = steps });
        await foreach (var interval in session.IntervalsAsync())
        {
            var loss = 1.0;
            var reports = interval.Interval % 2 == 0;
            var watch = Stopwatch.StartNew();
            for (var step = 0; step < steps; step++)
            {
                for (var i = 0; i < spins; i++)
                    loss = Math.Sqrt(loss + i);

                if (reports)
                    interval.Progress(step, ("loss", loss), ("learning_rate", 0.001));
            }

            var seconds = watch.Elapsed.TotalSeconds;
            await File.WriteAllTextAsync(Path.Combine(interval.CheckpointOut, "weights"), loss.ToString(CultureInfo.InvariantCulture));
            await interval.CompleteAsync(seconds);
        }
    }
}
