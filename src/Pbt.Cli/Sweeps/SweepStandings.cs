using System.Collections.Immutable;
using Pbt.Cli.Comparisons;
using Pbt.Cli.Output;
using Pbt.Core.Comparisons;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Studies;

namespace Pbt.Cli.Sweeps;

/// <summary>Finds how the runs of a sweep stand, and what keeps them from being run.</summary>
/// <param name="services">The world.</param>
/// <param name="accepted">Keys whose change in the spec of a study that is there is accepted.</param>
internal sealed class SweepStandings(CliServices services, IReadOnlySet<string> accepted)
{
    // By what is wrong: many runs may have the same fault.
    private readonly Dictionary<string, List<string>> _objections = new(StringComparer.Ordinal);

    /// <summary>How each run stands, in the order of the runs.</summary>
    /// <exception cref="InvalidRequestException">Some cannot be run: the message says all that is wrong with each.</exception>
    public async Task<ImmutableArray<StandingRun>> ReadAsync(SweepPlan plan, CancellationToken cancellationToken)
    {
        var standing = await LookAsync(plan, cancellationToken);
        if (_objections.Count > 0)
        {
            throw new InvalidRequestException(
                $"the sweep {plan.Sweep.Name} cannot run, and nothing was started:{Environment.NewLine}{string.Join(Environment.NewLine, _objections.Select(static o => $"{string.Join(", ", o.Value)}: {o.Key}"))}");
        }

        return standing;
    }

    /// <summary>How each run stands, in the order of the runs, whether or not it can be run.</summary>
    public async Task<ImmutableArray<StandingRun>> LookAsync(SweepPlan plan, CancellationToken cancellationToken)
    {
        var standing = ImmutableArray.CreateBuilder<StandingRun>();
        foreach (var run in plan.Runs)
            standing.Add(await ReadAsync(run, cancellationToken));

        return standing.ToImmutable();
    }

    /// <summary>How a study stands that has just been run, or is there.</summary>
    public static RunState StateOf(StudyState state, SweepRun run, DateTimeOffset now) => state.Phase switch
    {
        StudyPhase.Failed => new RunState.Failed($"{state.EndReason}; `pbt resume {run.Place.Root}` reopens it, then run the sweep again"),
        StudyPhase.Stopped => new RunState.Stopped(),
        StudyPhase.Completed => RunOutcome.Objection(state) is { } objection
            ? new RunState.Failed(objection)
            : new RunState.Completed(new EndedRun(RunOutcome.Of(state), run.Place.Root)),
        _ => new RunState.Begun(ProgressWords.Intervals(state, now)),
    };

    private async Task<StandingRun> ReadAsync(SweepRun run, CancellationToken cancellationToken)
    {
        StudyState? existing = null;
        var isChanged = false;
        try
        {
            if (run.Place.HasStudy)
            {
                await using var study = await services.Open(run.Place.Root);
                existing = await study.Store.LoadAsync(cancellationToken);
            }

            StudyCreation.RefuseForeign(run.Place);
        }
        catch (PbtException failure) when (failure is not TransientStoreException)
        {
            Object(run, failure.Message);
            return new(run, new RunState.Failed(failure.Message));
        }

        if (existing is { Exists: true })
        {
            isChanged = SpecDifference.Between(existing.Spec, run.Spec).Count > 0;
            foreach (var objection in StudyCreation.Objections(existing.Spec, run.Spec, accepted))
                Object(run, $"it has begun with another spec: {objection}");
        }

        var state = existing is { Exists: true } ? StateOf(existing, run, services.Time.GetUtcNow()) : new RunState.New();
        if (existing is not null && state is RunState.Completed && isChanged)
            state = new RunState.Begun(ProgressWords.Intervals(existing, services.Time.GetUtcNow()));

        if (state is RunState.New or RunState.Begun)
            Check(run, existing);

        return new(run, state);
    }

    private void Check(SweepRun run, StudyState? existing)
    {
        try
        {
            StudyRun.Check(services, run.Spec, slots: null, existing);
        }
        catch (InvalidRequestException failure)
        {
            Object(run, failure.Message);
        }
    }

    private void Object(SweepRun run, string objection)
    {
        if (!_objections.TryGetValue(objection, out var runs))
            _objections[objection] = runs = [];

        runs.Add(run.Name);
    }
}
