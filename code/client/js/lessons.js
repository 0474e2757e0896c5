/** The lessons page: choose a lesson, then sign up for it. */

import { upcomingLessons } from './lesson-dates.js';
import { LessonPicker } from './lesson-picker.js';
import { Signup } from './signup.js';

const signup = new Signup(document.querySelector('.lesson-title'), () => picker.reset());
const picker = new LessonPicker(document.querySelector('.lessons-cards'), upcomingLessons(), (lesson) =>
  signup.choose(lesson),
);
