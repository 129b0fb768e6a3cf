using Pbt.Core.Custom;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Trainers.Builtin;
using Pbt.Runtime.Trainers.Command;
using Pbt.Runtime.Trainers.Session;
using Pbt.Runtime.Workers;

namespace Pbt.Cli;

/// <summary>Turns a spec into what a worker on this machine needs.</summary>
internal static class Runners
{
    /// <summary>Refuses a study that pbt has no program to train for.</summary>
    /// <exception cref="InvalidRequestException">Its trainer is in another program, or a strategy is not to be had.</exception>
    public static void RequireProgram(StudySpec spec)
    {
        if (CustomStrategies.Objections(spec) is [var objection, ..])
            throw new InvalidRequestException(objection);

        if (spec.Trainer is InProcessTrainerSpec)
            throw new InvalidRequestException("a study with `trainer: { protocol: in_process }` is run by the .NET program that hosts its trainer, not by pbt");
    }

    /// <summary>The worker's options.</summary>
    /// <exception cref="InvalidRequestException">The resources asked for are not there.</exception>
    public static WorkerOptions OptionsFor(StudySpec spec, int? slots, TimeProvider time)
    {
        RequireProgram(spec);
        NamedVariables.Require(spec, InheritedEnvironment.Read(), Environment.MachineName);
        var planned = MachineSlots.Plan(spec, slots);
        return spec.Trainer switch
        {
            CommandTrainerSpec => new WorkerOptions
            {
                Slots = planned.Slots,
                Runners = guard => new CommandRunner(guard, time),
                NeedsGuard = true,
            },
            SessionTrainerSpec => SessionOptions(spec, planned.Slots, time),
            BuiltinTrainerSpec builtin => new WorkerOptions
            {
                Slots = planned.Slots,
                Runners = _ => new BuiltinRunner(BuiltinTrainer.Named(builtin.Builtin)),
                NeedsGuard = spec.Explore is CommandExplore,
            },
            _ => throw new NotSupportedException(),
        };
    }

    /// <summary>A slot may be given its share of the population at once, and its trainer says how many it takes.</summary>
    private static WorkerOptions SessionOptions(StudySpec spec, IReadOnlyList<Slot> slots, TimeProvider time)
    {
        var places = Math.Min((spec.FirstMembers + slots.Count - 1) / slots.Count, SessionRunner.MaxPlaces);
        return new WorkerOptions
        {
            Slots = slots,
            Places = places,
            Runners = guard => new SessionRunner(guard, places, time),
            NeedsGuard = true,
        };
    }
}
