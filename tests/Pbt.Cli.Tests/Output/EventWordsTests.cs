using Pbt.Core.Population;
using Pbt.Core.Scheduling;

namespace Pbt.Cli.Tests.Output;

public sealed class EventWordsTests
{
    [Fact]
    public void A_study_reads_as_a_story()
    {
        using var study = TestStudy.Branching();
        study.Fail(study.Claim(), "the trainer ended\nwith code 1 \u001b[31m");
        study.Claim();
        study.Store.Transact(static t =>
        {
            StudyScheduler.Lose(t, TestStudy.Worker, "its process 1 on node1 is gone");
            StudyScheduler.Pause(t);
            StudyScheduler.Stop(t);
            return true;
        });

        Assert.Equal(
            """
            study demo was created with 4 members
            worker w1 joined from node1 with 4 slots
            m0 set the first score at interval 1: 1
            m1 set the best score at interval 1: 1.1 (before: 1)
            m2 set the best score at interval 1: 1.2 (before: 1.1)
            m3 took m2's weights at interval 1: learning_rate 0.0009572 → 0.005021, optimizer sgd → adam
            m1 set the best score at interval 2: 2.1 (before: 1.2)
            m2 set the best score at interval 2: 2.2 (before: 2.1)
            m3 set the best score at interval 2: 5 (before: 2.2)
            m0 took m3's weights at interval 2: learning_rate 1.321e-5 → 0.006026
            m3 set the best score at interval 3: 6 (before: 5)
            m1 took m3's weights at interval 3: learning_rate 1.108e-5 → 0.004017
            m0 set the best score at interval 4: 7 (before: 6)
            m1 set the best score at interval 4: 8 (before: 7)
            m2 took m1's weights at interval 4: learning_rate 0.0003419 → 0.003214
            m0 failed at interval 5, attempt 1 of 3: the trainer ended with code 1 [31m
            worker w1 was lost: its process 1 on node1 is gone; 1 attempt will be repeated
            the study was paused: no new attempts start
            the study was stopped by a user
            """,
            string.Join('\n', Told(study).Select(static n => n.Text)));
    }

    [Fact]
    public void A_failed_interval_and_its_rescue_are_told()
    {
        using var study = new TestStudy().RunRounds(1);
        for (var attempt = 0; attempt < 3; attempt++)
            study.RunRound(static member => member == 1 ? double.NaN : 2);

        var told = Told(study).Where(static n => n.Text.StartsWith("m1 ", StringComparison.Ordinal)).TakeLast(2).ToList();

        Assert.Equal("m1 failed interval 2: the trainer ended with code 1", told[0].Text);
        Assert.StartsWith("m1 was rescued by m", told[1].Text, StringComparison.Ordinal);
        Assert.Equal((NewsKind.Failure, NewsKind.Inheritance), (told[0].Kind, told[1].Kind));
    }

    private static List<News> Told(TestStudy study)
    {
        var state = new StudyState();
        var told = new List<News>();
        foreach (var recorded in study.Store.Events)
        {
            if (EventWords.Of(recorded, state) is { } news)
                told.Add(news);

            state.Apply(recorded);
        }

        return told;
    }
}
