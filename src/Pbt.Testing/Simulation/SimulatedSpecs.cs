using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Testing.Simulation;

/// <summary>Draws the specs of simulated studies: every mode, strategy, comparison and limit.</summary>
internal static class SimulatedSpecs
{
    /// <summary>The spec of a key; −1 is the default of everything.</summary>
    public static StudySpec Draw(int key, int population, int intervals)
    {
        var spec = new StudySpec
        {
            Name = "simulated",
            Population = population,
            Objective = new("score", Goal.Maximize),
            Interval = new(Steps: 10, Seconds: null),
            Budget = new(intervals),
            Hyperparameters = new([new FloatHyperparameter("rate", 1e-5, 1e-1, Scale.Log), new IntHyperparameter("epochs", 1, 9, Scale.Linear)]),
            Trainer = new InProcessTrainerSpec(),
        };
        return key < 0 ? spec : Permitted(Begin(Vary(spec, new Random(key)), new Random(~key)));
    }

    /// <summary>The spec without what its reader would refuse.</summary>
    private static StudySpec Permitted(StudySpec spec) => spec.Exploit is FireExploit
        ? spec with { Compare = ScoreComparison.Latest, Explore = spec.Explore with { When = ExploreWhen.AfterExploit } }
        : spec;

    private static StudySpec Vary(StudySpec spec, Random random)
    {
        var synchronous = random.Next(2) == 0;
        var wholeBudget = (long)spec.Population * spec.Budget.Intervals!.Value * spec.Interval.Steps!.Value;
        var limited = random.Next(4) == 0;
        return spec with
        {
            Seed = (ulong)random.NextInt64(),
            Mode = synchronous ? StudyMode.Synchronous : StudyMode.Asynchronous,
            Compare = random.Next(3) switch { 0 => ScoreComparison.SameInterval, 1 => ScoreComparison.UpToInterval, _ => ScoreComparison.Latest },
            MaxLead = synchronous || random.Next(2) == 0 ? null : 1 + random.Next(4),
            Objective = new("score", random.Next(2) == 0 ? Goal.Maximize : Goal.Minimize),
            Budget = spec.Budget with
            {
                TotalSteps = limited ? 1 + random.NextInt64(wholeBudget) : null,
                Score = limited && random.Next(2) == 0 ? random.Next(20) : null,
                WallClock = limited && !synchronous && random.Next(2) == 0 ? TimeSpan.FromSeconds(30 + random.Next(3000)) : null,
            },
            BurnIn = random.Next(3),
            Initial = random.Next(2) == 0 ? new LatinHypercubeInitial() : new RandomInitial(),
            Exploit = Exploit(random),
            Explore = Explore(random),
            Trainer = new InProcessTrainerSpec { MaxAttempts = 1 + random.Next(3), Grace = TimeSpan.FromSeconds(random.Next(20)) },
            Checkpoints = new(1 + random.Next(3), random.Next(3)),
            Lease = TimeSpan.FromSeconds(4 + random.Next(40)),
        };
    }

    private static StudySpec Begin(StudySpec spec, Random random)
    {
        var initial = random.Next(3) == 0 ? new SobolInitial() : spec.Initial;
        var candidates = random.Next(3) > 0 ? initial : initial with
        {
            Candidates = spec.Population + 1 + random.Next(spec.Population),
            CandidateIntervals = 1 + random.Next(3),
        };
        var smoothing = Smoothing(random);
        return spec with { Initial = candidates, Objective = spec.Objective with { Smoothing = smoothing }, Explore = Learning(spec.Explore, random) };
    }

    private static ExploreSpec Learning(ExploreSpec otherwise, Random random) => random.Next(8) switch
    {
        0 => new Pb2Explore { When = otherwise.When },
        1 => new GpbtPlExplore { When = otherwise.When },
        _ => otherwise,
    };

    private static SmoothingSpec Smoothing(Random random) => random.Next(4) switch
    {
        0 => new MeanSmoothing(1 + random.Next(4)),
        1 => new ExponentialSmoothing(1 - (random.NextDouble() * 0.9)),
        _ => new NoSmoothing(),
    };

    private static ExploitSpec Exploit(Random random)
    {
        var inherit = (Inheritance)random.Next(3);
        return random.Next(10) switch
        {
            0 => new BinaryTournamentExploit { Inherit = inherit },
            1 => new TTestExploit { Inherit = inherit },
            2 => new NoExploit(),
            3 => Elite(0.1 + (random.NextDouble() * 0.4), 0.1 + (random.NextDouble() * 0.4), inherit),
            4 => Banded(0.1 + (random.NextDouble() * 0.4), 0.1 + (random.NextDouble() * 0.4), inherit),
            5 => new MultipleFrequenciesExploit { Frequencies = [1, 2 + random.Next(3)], Inherit = inherit },
            6 => new FireExploit { Significance = 0.3, MaxEvaluation = 3, Inherit = inherit },
            _ => new TruncationExploit(0.1 + (random.NextDouble() * 0.4), 0.1 + (random.NextDouble() * 0.4)) { Inherit = inherit },
        };
    }

    private static ExploitSpec Elite(double top, double bottom, Inheritance inherit) => top < bottom
        ? new BacktrackExploit(top, bottom) { Inherit = inherit }
        : new ElitistBackOffExploit(top, bottom) { Inherit = inherit };

    private static ExploitSpec Banded(double top, double bottom, Inheritance inherit) => top < bottom
        ? new ThresholdExploit(top, bottom) { Sigma = 0, Relative = 0, KeepOwnHyperparameters = 0.5, Middle = WithoutDonor.Explore, Inherit = inherit }
        : new BandExploit { Inherit = inherit };

    private static ExploreSpec Explore(Random random)
    {
        var when = (ExploreWhen)random.Next(2);
        return random.Next(5) switch
        {
            0 => new ResampleExplore { When = when },
            1 => new GaussianExplore { When = when },
            2 => new NoExplore { When = when },
            _ => new PerturbExplore { When = when },
        };
    }
}
