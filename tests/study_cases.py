"""Studies made from the shipped scenarios, as every interface makes them."""

from karvan.bootstrap import ShippedProjects, ShippedScenarios
from karvan.services.planning.manifest import ScenarioText
from karvan.services.planning.reading import results_of
from karvan.services.studies.desk import StudyDesk, Subject
from karvan.services.studies.plans import case_of, plans
from karvan.services.studies.terms import PlanTerms


def desk_on(published, **more):
    return StudyDesk(
        network=published.network,
        book=published.book,
        factors=published.factors,
        scenarios=ShippedScenarios(),
        projects=ShippedProjects().read,
        **more,
    )


def planned(published, name, **terms):
    desk = desk_on(published)
    return plans(desk, Subject.read(desk.scenarios, name, desk.network), PlanTerms(**terms))


def case_of_study(published, found):
    desk = desk_on(published)
    subject = Subject(scenario=found.scenario, text=ScenarioText("x.toml", ""))
    results = results_of(desk.network, desk.factors, found.stages, desk.holds(found.scenario))
    return case_of(desk, subject, PlanTerms(), found, results)[0]
